"""What each figure of mobility is called and how it is defined: the same words on the page and in the API."""

from teams.kit.text import N_

NUMBERS = {
    "M1": (N_("Doorstroom"), N_("Mensen die van team wisselden of van binnenuit op een vacature kwamen, gedeeld door het gemiddelde aantal mensen in dienst.")),
    "M2": (N_("Deed mee buiten het eigen team"), N_("Mensen met een rol of klus in een ander team, gedeeld door het gemiddelde aantal mensen in dienst. Ieder telt één keer, klussen van het eigen team tellen niet mee.")),
    "M3": (N_("Uren voor andere teams"), N_("Geschreven uren op klussen van andere teams, gedeeld door de contracturen in hele voltijdplaatsen.")),
    "M4": (N_("Vacatures van binnenuit vervuld"), N_("Vacatures met een benoeming van binnenuit, gedeeld door alle vacatures met een benoeming.")),
    "M5": (N_("Deed ooit mee buiten het eigen team"), N_("Als bij ‘deed mee buiten het eigen team’, vanaf de eerste klus in Teams.")),
}  # fmt: skip

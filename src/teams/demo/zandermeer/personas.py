"""People that the demo names, the fixed roles of every team, and what changed in the last two years."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Persona:
    name: str
    team: str
    hours: int
    roles: tuple[tuple[str, int], ...]
    skills: str
    email: str = ""
    rights: frozenset[str] = frozenset()


LEAD, FACILITATOR, RECORDER, DELEGATE = "Rolverdeler", "Begeleider roloverleg", "Teamsecretaris", "Afgevaardigde"

CORE: dict[str, tuple[str, str, str]] = {
    LEAD: (
        "rolverdeler",
        "Bij elke rol iemand die past en tijd heeft.",
        "Overzicht houden van rollen en uren|Open rollen bespreken in het team|Een open rol in de klussenbank zetten",
    ),
    FACILITATOR: (
        "begeleider",
        "Overleggen die eerlijk zijn en op tijd klaar.",
        "Roloverleg leiden volgens de spelregels|Bezwaren toetsen als iemand daarom vraagt|Verkiezingen leiden",
    ),
    RECORDER: (
        "teamsecretaris",
        "Afspraken die iedereen kan terugvinden.",
        "Overleggen plannen|Uitkomsten van het roloverleg vastleggen|Uitleggen hoe een afspraak gelezen wordt",
    ),
    DELEGATE: (
        "afgevaardigde",
        "Onze spanningen op tafel bij de teams om ons heen.",
        "Spanningen meenemen naar het bredere overleg|Terugkoppelen wat daar besloten is",
    ),
}


def _demo(name: str) -> str:
    return f"{name}@zandermeer.example"


PERSONAS = (
    Persona(
        "Wieke Oeverbeek",
        "ZM",
        36,
        (("Gemeentesecretaris", 30),),
        "leiden recht plan",
        _demo("secretaris"),
        frozenset({"secretaris"}),
    ),
    Persona("Joost Hamerling", "ZM", 36, (("Loco-gemeentesecretaris", 26), (LEAD, 2)), "recht plan leiden"),
    Persona(
        "Ines Korvemaker",
        "ZM",
        36,
        (("Concerncontroller", 30),),
        "budget precies excel",
        _demo("controller"),
        frozenset({"controller"}),
    ),
    Persona(
        "Tjalling Ruwaard-Osei",
        "ZM",
        32,
        (("Griffier", 26),),
        "recht leiden taal",
        _demo("griffie"),
        frozenset({"raad"}),
    ),
    Persona(
        "Noor Elsdijk",
        "GW",
        36,
        (("Boombeheerder", 14), ("Werkvoorbereider", 6), (RECORDER, 4)),
        "natuur buiten kaart taal",
    ),
    Persona("Joris Kastelhof", "GW", 32, (("Waterbeheerder", 22), (LEAD, 2)), "water plan"),
    Persona("Ilse Hagewoud", "GW", 28, (("Speelplekbeheerder", 20), (DELEGATE, 2)), "veilig buiten jongeren"),
    Persona("Fenna Terkluis", "GW", 24, (("Wijkschouwer", 18),), "buiten gesprek foto"),
    Persona("Samir Belkadur", "GW", 36, (("Budgethouder groen", 28),), "budget inkoop excel"),
    Persona(
        "Meike Sluiswerf",
        "GW",
        32,
        (("Begeleider groene buurten", 20), (FACILITATOR, 4)),
        "leiden gesprek coach",
        _demo("facilitator"),
    ),
    Persona("Ruben Veenakker", "GW", 36, (("Werkvoorbereider", 30),), "plan bouw veilig"),
    Persona("Lotte Zomerkade", "GW", 28, (("Werkvoorbereider", 22),), "plan precies"),
    Persona(
        "Teun Drosterhof",
        "VG",
        36,
        (("Casebehandelaar", 18),),
        "veilig kaart foto gesprek taal zaak",
        _demo("medewerker"),
    ),
    Persona("Daan Oostkappe", "VG", 32, (("Casebehandelaar", 24), (DELEGATE, 2)), "bouw recht zaak"),
    Persona("Bram Wolthekke", "TH", 36, (("Buitengewoon opsporingsambtenaar", 28),), "veilig buiten gesprek foto"),
    Persona("Meral Yildanur", "WZ", 36, (("Verbinder zuid", 28),), "gesprek leiden buiten foto"),
    Persona("Sterre Kwakelaar", "WV", 36, (("Verkeerskundige", 30),), "verkeer kaart recht"),
    Persona("Karin Wielstra-Bos", "SC", 28, (("Locatiebeheerder sport", 22),), "veilig balie"),
    Persona("Hein Boterdijk", "VA", 36, (("Projectleider vastgoed", 30), (LEAD, 2)), "plan bouw inkoop"),
    Persona("Yusuf Haverslag", "IC", 36, (("Inkoopadviseur", 28),), "inkoop onderhandel recht"),
    Persona("Nadira Boukhal-Steen", "SU", 36, (("Subsidies", 28),), "recht budget taal gesprek", _demo("rolvervuller")),
    Persona(
        "Pim Vossenkamp",
        "ID",
        36,
        (("Data-architect", 22),),
        "kaart excel gesprek plan test onderzoek",
        _demo("collega"),
    ),
    Persona(
        "Ravi Kalpoedoe-Linde",
        "ID",
        36,
        (("Systeembeheerder", 30),),
        "test precies zaak",
        _demo("beheer"),
        frozenset({"beheer"}),
    ),
)

# Members of the college: they hold an office, fill no role and have no hours for klussen.
COLLEGE = (
    Persona("Hedda Molenaar-Vis", "", 36, (), ""),
    Persona("Roelof Dijkema", "", 36, (), "", _demo("wethouder")),
    Persona("Yara Brinkhorst", "", 36, (), ""),
    Persona("Pieter Saelman", "", 32, (), ""),
    Persona("Lidewij Haarsma", "", 28, (), ""),
)

# Days ago that something began; all else is older than the two years of history.
NEW_TEAMS = {"KE": 640}
NEW_ROLES = {
    ("KE", "Circulair bouwen"): 420,
    ("ID", "Algoritmeregistrar"): 610,
    ("HR", "Klussenbankbeheerder"): 690,
    ("ZM", "Begeleider zelforganisatie"): 700,
    ("OC", "Weerbare inwoners"): 330,
    ("RW", "Programmeur flexwonen"): 520,
    ("JZ", "Mandaatjurist"): 470,
    ("AS", "Dataman afval"): 560,
    ("SU", "Fondsenwerver"): 280,
    ("KC", "Signaleerder"): 390,
}

# Roles that ended with the person who left: team, name, purpose, accountabilities, days ago.
ENDED = (
    ("BZ", "Beheerder kaartenbak", "De papieren kaarten zijn te vinden.", "Kaarten opzoeken|Kaarten overzetten", 655),
    ("KC", "Faxdienst", "Oude post komt nog aan.", "Faxen doorsturen|Afzenders een digitale weg wijzen", 590),
    ("FI", "Kassier", "Contant geld klopt.", "Kas opmaken|Geld laten ophalen", 505),
    ("ID", "Beheerder telefooncentrale", "Bellen werkt.", "Toestellen uitgeven|Storingen melden", 430),
    ("WV", "Meter parkeergeld", "Automaten zijn geleegd.", "Automaten legen|Storingen verhelpen", 360),
    ("HR", "Coördinator uitzendkrachten", "Inhuur is geregeld.", "Uren nakijken|Bureaus bellen", 270),
    ("CO", "Redacteur gemeentekrant", "De krant ligt elke week op de mat.", "Krant vullen|Bezorging volgen", 180),
    ("VG", "Scanner bouwarchief", "Dossiers worden digitaal.", "Dossiers scannen|Scans nakijken", 95),
)

"""Refusals of logging in that are told the same everywhere."""

from teams.kit.errors import NextStep, Reason, Refusal
from teams.kit.text import N_


class TooMany(Refusal):
    """Too many tries; `wait` seconds until the next."""

    def __init__(self, wait: int) -> None:
        minutes = -(-wait // 60)
        super().__init__(
            Reason(
                "te_vaak", N_("Er is te vaak geprobeerd in te loggen. Wacht {minutes} minuten."), {"minutes": minutes}
            ),
            then=(NextStep(N_("Weet je je wachtwoord niet meer? Vraag de beheerder om een nieuw.")),),
        )
        self.wait = wait

"""What may be filled in about elections, fillings and what is struck."""

from typing import Self
from uuid import UUID

from pydantic import model_validator

from teams.governance.changes import wrong
from teams.kit.text import N_, OptionalLine, OptionalText, Text, WrittenDay
from teams.structure.forms import Form, RoleHours


class StrikeForm(Form):
    """G33: which rule or law the adopted proposal broke."""

    tekst: Text


class ElectionForm(Form):
    """G30: what the role asks now and until when; no word of candidates."""

    rolId: UUID
    tekst: Text
    tot: WrittenDay
    uren: RoleHours | None = None


class NominationForm(Form):
    """Exactly one name, with a reason."""

    kandidaatId: UUID
    reden: Text


class OfferForm(Form):
    """Without a person: I would like to fill this role myself."""

    rolId: UUID
    persoonId: UUID | None = None
    tekst: Text
    uren: RoleHours | None = None
    focus: OptionalLine = None
    tot: WrittenDay | None = None


class DecisionForm(Form):
    akkoord: bool
    tekst: OptionalText = None

    @model_validator(mode="after")
    def no_has_a_reason(self) -> Self:
        if not self.akkoord and not self.tekst:
            raise wrong("tekst", N_("Schrijf op waarom niet."))
        return self

"""What may be filled in about decisions; names are those of the screen and the API."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from teams.kit.text import Line, LongLine, OptionalText, Text, clean, written_day

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
Day = Annotated[date, Field(ge=EARLIEST, le=LATEST), BeforeValidator(written_day)]
Subject = Annotated[LongLine, StringConstraints(max_length=200)]
Number = Annotated[Line, StringConstraints(max_length=60)]
Reference = Annotated[Line, StringConstraints(max_length=120)]


def _string(value: object) -> object:
    return clean(value) if isinstance(value, str) else value


Reasons = Annotated[str, BeforeValidator(_string), StringConstraints(min_length=1, max_length=20_000)]
Herkomst = Literal["intern", "initiatief", "uitdaagrecht", "raad"]
CORRECTABLE = Literal["zaak", "wederpartij", "onderwerp", "motivering"]
Ground = Literal[
    "boven_grens", "gesplitst", "geen_mandaat", "verlopen", "niet_bekendgemaakt", "zelfde_persoon", "eigen_belang",
    "terugwerkend", "anders",
]  # fmt: skip


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DecisionForm(_Form):
    """What is written down beside the question. Under a confidential power the subject is not kept: the case number says enough."""

    onderwerp: Subject | None = None
    motivering: Reasons
    belangVerklaring: bool
    herkomst: Herkomst = "intern"
    instructieReden: OptionalText = None


class AdviceForm(_Form):
    """Advice on one condition. Who gave it is the one who records it, or `gegevenDoor` when that role is not in Teams."""

    voorwaarde: Annotated[LongLine, StringConstraints(max_length=300)]
    akkoord: bool
    tekst: Text
    gegevenDoor: Reference | None = None
    gegevenOp: Day | None = None


class SecondForm(_Form):
    tweedePersoonId: UUID


class ConfirmForm(_Form):
    """The second person's answer, with the same declaration that the first one made."""

    akkoord: bool
    belangVerklaring: bool = False
    tekst: OptionalText = None


class HandUpForm(_Form):
    naar: UUID
    reden: Text


class OrganForm(_Form):
    orgaan: Annotated[Line, StringConstraints(max_length=40)]


class ProposalTextForm(_Form):
    titel: Subject
    tekst: Annotated[str, BeforeValidator(_string), StringConstraints(min_length=1, max_length=40_000)]
    versie: int


class OutcomeForm(_Form):
    """What the organ decided, from its list of decisions."""

    uitkomst: Literal["besloten", "afgewezen", "aangehouden"]
    besloten: Day
    besluitnummer: Number | None = None
    opmerking: OptionalText = None


class CorrectionForm(_Form):
    veld: CORRECTABLE
    waarde: Reasons
    reden: Text


class DefectForm(_Form):
    grond: Ground
    reden: Text


class RatificationForm(_Form):
    """The competent organ ratifies. Private law: the day on which the other party was told (BW 3:69)."""

    besloten: Day
    besluitnummer: Number
    meegedeeldOp: Day | None = None
    reden: OptionalText = None


class ObjectionLostForm(_Form):
    """A ruling that found the authority lacking, with its number or ECLI; `in_stand`: passed over (Awb 6:22, 8:72 lid 3)."""

    instantie: Literal["bezwaar", "beroep", "hoger_beroep"]
    gevolg: Literal["herroepen", "opnieuw", "in_stand"]
    besloten: Day
    kenmerk: Number
    grond: Ground
    reden: Text


class InformationForm(_Form):
    vraag: Text
    uiterlijk: Day


class AnswerForm(_Form):
    antwoord: Annotated[str, BeforeValidator(_string), StringConstraints(min_length=1, max_length=10_000)]

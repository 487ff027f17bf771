"""What may be filled in about grants, decrees, replacements and interests; names are those of the screen and the API."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from teams.kit.clock import end_of, start_of
from teams.kit.money import AmountError, parse_amount, parse_plain_amount
from teams.kit.text import N_, Line, LongLine, OptionalLine, OptionalText, Text, written_day
from teams.mandates.conditions import ConditionError, parse_condition
from teams.mandates.terms import RESERVED, Absence, Base, Kind, Sub
from teams.mandates.terms import Form as GrantForm

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
Day = Annotated[date, Field(ge=EARLIEST, le=LATEST), BeforeValidator(written_day)]
Code = Annotated[Line, StringConstraints(max_length=40)]
_NO_AMOUNT = N_("Schrijf een bedrag als 7500 of 7.500,00.")
_NO_PLAIN_AMOUNT = N_("Schrijf een bedrag als 7500 of 7500.00.")


def _fault(message: str) -> PydanticCustomError:
    """About the field itself, with its own words."""
    return PydanticCustomError("tekens", message)


def _wrong(field: str, message: str) -> PydanticCustomError:
    return PydanticCustomError("veld", message, {"veld": field})


def _blank_is_none(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def typed_amount(value: object) -> object:
    """Cents of an amount as people type it; empty is none."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if not isinstance(value, str):
        raise _fault(_NO_AMOUNT)
    try:
        return parse_amount(value)
    except AmountError:
        raise _fault(_NO_AMOUNT) from None


def plain_amount(value: object) -> object:
    """Cents of an amount in the API, given as text: the number as it was written."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise _fault(_NO_PLAIN_AMOUNT)
    try:
        return parse_plain_amount(value)
    except AmountError:
        raise _fault(_NO_PLAIN_AMOUNT) from None


def _readable(line: str) -> str:
    try:
        parse_condition(line)
    except ConditionError:
        raise _fault(N_("Deze voorwaarde is niet te lezen. Kijk naar het bedrag of de waarde.")) from None
    return line


class Submandate(BaseModel):
    """As typed: nee, ja, a number of steps, or alleen_aan with parties."""

    model_config = ConfigDict(frozen=True)

    kind: Sub
    depth: int = 0
    only_to: tuple[str, ...] = ()


def _submandate(value: object) -> object:
    if isinstance(value, Submandate):
        return value
    line = str(value or "nee").strip()
    if line in ("nee", "ja"):
        return Submandate(kind=Sub(line))
    if line.isascii() and line.isdigit() and 1 <= int(line[:3]) <= 8:
        return Submandate(kind=Sub.DEPTH, depth=int(line))
    kind, _, rest = line.partition(":")
    names = tuple(name.strip() for name in rest.split("|") if name.strip())
    if kind != "alleen_aan" or not names:
        raise _fault(N_("Kies nee, ja, een aantal stappen van 1 tot en met 8, of alleen_aan met een ontvanger."))
    return Submandate(kind=Sub.ONLY_TO, only_to=tuple(n if ":" in n else f"rol:{n}" for n in names))


_SUB = {"type": "string", "pattern": r"^(nee|ja|[1-8]|alleen_aan:.+)$"}
_DECIMAL = {
    "anyOf": [
        {"type": "number", "minimum": 0, "maximum": 90071992547409, "multipleOf": 0.01},
        {"type": "string", "pattern": r"^(0|[1-9][0-9]{0,12})(\.[0-9]{1,2})?$"},
        {"type": "null"},
    ],
    "examples": [7500],
}


def as_number(value: str) -> str:
    """A number stands in addresses and in lists separated by spaces."""
    if any(sign.isspace() or sign in "|/\\" for sign in value) or not any(map(str.isalnum, value)):
        raise _fault(N_("Een nummer heeft letters of cijfers, en geen spatie of schuine streep."))
    if value.lower() in RESERVED:
        raise _fault(N_("Dit nummer gebruikt Teams zelf. Kies een ander."))
    return value


Amount = Annotated[int | None, BeforeValidator(typed_amount)]
PlainAmount = Annotated[int | None, BeforeValidator(plain_amount), WithJsonSchema(_DECIMAL)]
ConditionLine = Annotated[LongLine, StringConstraints(max_length=300), AfterValidator(_readable)]
PartyLine = Annotated[LongLine, StringConstraints(max_length=200)]
OptionalCode = Annotated[Code | None, BeforeValidator(_blank_is_none)]
Link = Annotated[
    Annotated[Line, Field(max_length=300, pattern=r"^https://\S+$")] | None, BeforeValidator(_blank_is_none)
]


class Form(BaseModel):
    """Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class MandaatForm(Form):
    """A grant as drafted. Parties: `orgaan:college`, `rol:TEAM/ROL` or `rol:UUID`, `functie:…`, `persoon:NR`, `extern:NAAM`."""

    nummer: Annotated[Annotated[Code, AfterValidator(as_number)] | None, BeforeValidator(_blank_is_none)] = None
    bevoegdheden: Annotated[list[Code], Field(max_length=200)] = []
    allesBehalve: Annotated[list[Code] | None, Field(max_length=200)] = None
    soorten: Annotated[list[Kind], Field(min_length=1, max_length=5)]
    gever: Annotated[list[PartyLine], Field(min_length=1, max_length=4)]
    ontvanger: PartyLine
    ouder: OptionalCode = None
    grens: Amount = None
    grensBasis: Base = Base.DECISION
    ondermandaat: Annotated[Submandate, BeforeValidator(_submandate), WithJsonSchema(_SUB)] = Submandate(kind=Sub.NO)
    voorwaarden: Annotated[list[ConditionLine], Field(max_length=30)] = []
    instructies: Annotated[list[Annotated[LongLine, StringConstraints(max_length=300)]], Field(max_length=30)] = []
    vorm: GrantForm = GrantForm.GENERAL
    zaak: OptionalLine = None
    opSchrift: bool = True
    instemmingOntvangerOp: Day | None = None
    instemmingWerkgeverOp: Day | None = None
    opmerkingen: OptionalText = None
    kader: OptionalCode = None
    van: Day
    tot: Day | None = None

    @model_validator(mode="after")
    def consistent(self) -> Self:
        if self.tot is not None and self.tot < self.van:
            raise _wrong("tot", N_("De laatste dag ligt voor de eerste dag."))
        return self

    def period(self) -> tuple[datetime, datetime | None]:
        """From midnight in Amsterdam up to the end of the last day."""
        return start_of(self.van), end_of(self.tot) if self.tot else None


class MandaatInvoer(MandaatForm):
    """The same through the API: amounts are plain decimals."""

    grens: PlainAmount = None


class BesluitForm(Form):
    """That the organ (or, for a sub-grant, the grantor) decided: on which day, and where that is written."""

    beslotenOp: Day
    besluit: Line


class BekendmakingForm(Form):
    bekendgemaaktOp: Day
    publicatie: Line
    adres: Link = None


class InstemmingForm(Form):
    """Consent of a holder who does not work under the grantor, and of the employer (Awb 10:4)."""

    instemmingOntvangerOp: Day
    instemmingWerkgeverOp: Day | None = None


class IntrekkingForm(Form):
    """`ingetrokkenOp` empty or today: from this moment."""

    ingetrokkenOp: Day | None = None
    besluit: Line


class TerugnameForm(Form):
    """The case that a grantor decides himself (Awb 10:7)."""

    zaak: Annotated[Line, StringConstraints(max_length=120)]


class InlichtingenForm(Form):
    """What a grantor wants to know about the use of a grant, and until when there is time (Awb 10:6 lid 2)."""

    vraag: Annotated[Text, StringConstraints(max_length=4000)]
    uiterlijk: Day


class InlichtingenAntwoord(Form):
    antwoord: Annotated[Text, StringConstraints(max_length=10_000)]


class InstellingForm(Form):
    """M13: what a grant does that is decided but not published."""

    nietBekendgemaakt: Literal["weigert", "waarschuwt"]
    besluit: Annotated[LongLine, StringConstraints(max_length=200)]


class MandaatbesluitForm(Form):
    """A decree of an organ that bundles drafted grants and withdrawals, by number."""

    orgaan: Code
    titel: Line
    tekst: Annotated[Text, StringConstraints(max_length=20000)]
    geeft: Annotated[list[Code], Field(max_length=500)] = []
    trektIn: Annotated[list[Code], Field(max_length=500)] = []

    @model_validator(mode="after")
    def consistent(self) -> Self:
        if not self.geeft and not self.trektIn:
            raise _wrong("geeft", N_("Kies ten minste één mandaat dat je geeft of intrekt."))
        if set(self.geeft) & set(self.trektIn):
            raise _wrong("trektIn", N_("Eén mandaat kun je niet tegelijk geven en intrekken."))
        return self


class VervangingForm(Form):
    rolId: UUID
    vervangerId: UUID
    reden: Absence
    van: Day
    tot: Day | None = None
    besluit: Line

    @model_validator(mode="after")
    def consistent(self) -> Self:
        if self.tot is not None and self.tot < self.van:
            raise _wrong("tot", N_("De laatste dag ligt voor de eerste dag."))
        return self


class BelangForm(Form):
    """`betreft`: case number or name of the other party; without `persoonId` it is the person's own."""

    betreft: Line
    soort: OptionalLine = None
    persoonId: UUID | None = None


class KaderForm(Form):
    """A framework of an organ: text, decision, term."""

    code: Code
    titel: Line
    tekst: Text
    orgaan: Code
    beslotenOp: Day
    besluit: Line
    van: Day
    tot: Day | None = None

    @model_validator(mode="after")
    def consistent(self) -> Self:
        if self.tot is not None and self.tot < self.van:
            raise _wrong("tot", N_("De laatste dag ligt voor de eerste dag."))
        return self

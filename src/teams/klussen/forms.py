"""What people may fill in about a klus or a claim; one model for page, API and command line."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from teams.kit.text import N_, Line, OptionalLine, OptionalText, Text, written_day
from teams.klussen.models import Kind, Origin, Way

WeekHours = Annotated[Decimal, Field(gt=0, le=60, decimal_places=1)]
TotalHours = Annotated[Decimal, Field(gt=0, le=2000, decimal_places=1)]
EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)
Day = Annotated[date, Field(ge=EARLIEST, le=LATEST), BeforeValidator(written_day)]


class Form(BaseModel):
    """Unknown fields are refused; names are those of the screen and the API."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class KlusForm(Form):
    """A klus as posted or changed (R18: hours a week, or a total with a date)."""

    titel: Line
    omschrijving: OptionalText = None
    soort: Kind = Kind.KLUS
    teamId: UUID
    rolId: UUID | None = None
    plaatsen: Annotated[int, Field(ge=1, le=200)] = 1
    urenMin: WeekHours | None = None
    urenMax: WeekHours | None = None
    urenTotaal: TotalHours | None = None
    van: Day
    tot: Day | None = None
    aanmeldenTot: Day | None = None
    wijze: Way = Way.CLAIM
    vaardigheden: Annotated[list[Line], Field(max_length=12)] = []
    herkomst: Origin = Origin.INTERNAL
    herkomstKenmerk: OptionalLine = None
    bevoegdheden: Annotated[list[Annotated[Line, Field(max_length=20)]], Field(max_length=20)] = []

    @model_validator(mode="after")
    def consistent(self) -> Self:
        if (self.urenTotaal is None) == (self.urenMin is None and self.urenMax is None):
            raise wrong("urenMin", N_("Vul de uren per week in, of het totaal aantal uren."))
        if self.urenTotaal is None:
            least = self.urenMin if self.urenMin is not None else self.urenMax
            most = self.urenMax if self.urenMax is not None else self.urenMin
            assert least is not None and most is not None
            if most < least:
                raise wrong("urenMax", N_("Het hoogste aantal uren is lager dan het laagste."))
        if self.tot is not None and self.tot < self.van:
            raise wrong("tot", N_("De laatste dag ligt voor de eerste dag."))
        if self.aanmeldenTot is not None and self.tot is not None and self.aanmeldenTot > self.tot:
            raise wrong("aanmeldenTot", N_("Claimen kan niet langer dan tot de laatste dag van de klus."))
        if self.soort is Kind.VACANCY and self.wijze is not Way.SELECTION:
            raise wrong("wijze", N_("Een vacature is nooit een claim: een aanstelling is een besluit."))
        if self.wijze is Way.LOTS and self.aanmeldenTot is None:
            raise wrong("aanmeldenTot", N_("Vul in tot en met welke dag mensen meeloten."))
        return self

    def hours(self) -> dict[str, Any]:
        """The three columns of hours; a single number a week is both least and most."""
        if self.urenTotaal is not None:
            return {"hours_min": None, "hours_max": None, "hours_total": self.urenTotaal}
        return {
            "hours_min": self.urenMin if self.urenMin is not None else self.urenMax,
            "hours_max": self.urenMax if self.urenMax is not None else self.urenMin,
            "hours_total": None,
        }


class ClaimForm(Form):
    uren: TotalHours | None = None
    motivatie: OptionalText = None


class LineForm(ClaimForm):
    """`wachtlijst`: on the waiting list when the klus is full, instead of a refusal."""

    wachtlijst: bool = False


class CompleteForm(Form):
    resultaat: OptionalText = None


class ConsentForm(Form):
    """The team's answer: the dates fit, or they do not, and then why. `besluit`: number of the decision, where one is asked (R7)."""

    akkoord: bool
    reden: OptionalText = None
    besluit: Annotated[str, Field(max_length=20)] | None = None


class TeamClaimForm(Form):
    teamId: UUID
    plaatsen: Annotated[int, Field(ge=1, le=200)] = 1


class NamesForm(Form):
    personen: Annotated[list[UUID], Field(min_length=1, max_length=200)]


class ChoiceForm(Form):
    inzet: Annotated[list[UUID], Field(min_length=1, max_length=200)]
    reden: OptionalText = None


class PlaceForm(Form):
    plek: Annotated[int, Field(ge=1, le=10_000)]
    reden: OptionalText = None


class QuestionForm(Form):
    vraag: Text


class AnswerForm(Form):
    antwoord: Text


class PersonForm(Form):
    persoonId: UUID


class HandBackForm(Form):
    """`op`: the last day; without it today."""

    op: Day | None = None
    reden: OptionalText = None
    overdracht: OptionalText = None


class ReasonForm(Form):
    reden: OptionalText = None


def wrong(field: str, message: str) -> PydanticCustomError:
    """A fault of the whole form that belongs to one field: the face reads `veld` from the context."""
    return PydanticCustomError("veld", message, {"veld": field})

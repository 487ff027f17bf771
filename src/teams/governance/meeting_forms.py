"""What may be filled in about a meeting: its plan, its agenda, what was said and what was agreed."""

import re
from datetime import time, timedelta
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from teams.governance.changes import wrong
from teams.governance.meeting_models import MeetingKind, Output, StandingKind
from teams.kit.text import N_, Line, OptionalLine, OptionalText, Text, WrittenDay
from teams.structure.forms import Form

LONGEST = timedelta(hours=12)
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])(?:[.:u ]([0-5][0-9]))?(?: ?uur)?")


def _clock(value: object) -> object:
    """'9.30', '9:30' and '9' are read; anything else is named."""
    if isinstance(value, time):
        return value
    match = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise PydanticCustomError("tekens", N_("Vul een tijd in zoals 9.30."))
    return time(int(match[1]), int(match[2] or 0))


Minutes = Annotated[int, Field(ge=15, le=720)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


class MeetingForm(Form):
    """When and where; `voorstelId` and `bedoeling` make it a special meeting about that alone (G29)."""

    teamId: UUID
    soort: MeetingKind
    dag: WrittenDay
    begin: Annotated[time, BeforeValidator(_clock)]
    duur: Minutes = 60
    plaats: OptionalLine = None
    bedoeling: OptionalText = None
    voorstelId: UUID | None = None

    @model_validator(mode="after")
    def is_special_or_not(self) -> Self:
        if self.bedoeling and self.soort is not MeetingKind.GOVERNANCE:
            raise wrong("bedoeling", N_("Alleen een roloverleg kan over één ding gaan."))
        if self.voorstelId and not self.bedoeling:
            raise wrong("bedoeling", N_("Vul in waar dit bijzondere overleg over gaat."))
        return self


class StepForm(Form):
    """The version of the meeting that the page showed: a second press of the same button does nothing."""

    versie: Version


class ExtendForm(Form):
    minuten: Minutes
    akkoord: Literal[True]


class ItemForm(Form):
    """A label and no more (G28); an election for the core role `rolId` goes first; a proposal of one's own, or one that waits."""

    label: OptionalLine = None
    rolId: UUID | None = None
    voorstelId: UUID | None = None

    @model_validator(mode="after")
    def says_what(self) -> Self:
        if not self.label and self.voorstelId is None and self.rolId is None:
            raise wrong("label", N_("Vul in een paar woorden in waar het punt over gaat."))
        if self.voorstelId is not None and self.rolId is not None:
            raise wrong(
                "rolId", N_("Een punt gaat over een voorstel of over een verkiezing. Zet er twee op de agenda.")
            )
        return self


class CallForm(Form):
    """G30: what the role asks now and until when, said in the meeting."""

    tekst: Text
    tot: WrittenDay


class GuestForm(Form):
    persoonId: UUID


class SpeechForm(Form):
    """What somebody said; empty: they had their turn. `persoonId`: written down for another, by who runs the meeting."""

    persoonId: UUID | None = None
    tekst: OptionalText = None


class AnswerForm(Form):
    """The objection round: no objection, or an objection in one sentence. `versie`: of the proposal that was read."""

    versie: Annotated[int, Field(ge=1, le=10_000)]
    bezwaar: bool = False
    tekst: OptionalText = None
    regelbreuk: bool = False

    @model_validator(mode="after")
    def has_words(self) -> Self:
        if self.bezwaar and not self.tekst:
            raise wrong("tekst", N_("Vul in één zin in welke schade je ziet."))
        return self


class StandingForm(Form):
    soort: StandingKind
    rolId: UUID
    label: Line


class ReportForm(Form):
    tekst: Line


class OutputForm(Form):
    """A next step or a project: always of a role and of a person who takes it."""

    soort: Output
    rolId: UUID
    persoonId: UUID
    tekst: Line

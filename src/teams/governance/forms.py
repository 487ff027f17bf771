"""What may be filled in about a proposal: a response, an objection, its test and its integration."""

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from teams.governance.changes import Change, Changes, wrong
from teams.governance.models import Criterion
from teams.kit.text import N_, OptionalText, Text
from teams.structure.forms import Form


class ProposalForm(Form):
    """G21: a tension of one of the proposer's roles, a real example, and what would change."""

    teamId: UUID
    rolId: UUID
    spanning: Text
    voorbeeld: Text
    wijzigingen: Changes


class VersionForm(Form):
    wijzigingen: Changes
    toelichting: OptionalText = None


class ResponseForm(Form):
    versie: Annotated[int, Field(ge=1, le=10_000)]
    reactie: Literal["consent", "vraag", "opmerking"]
    tekst: OptionalText = None

    @model_validator(mode="after")
    def has_words(self) -> Self:
        if self.reactie != "consent" and not self.tekst:
            raise wrong("tekst", N_("Vul je vraag of opmerking in."))
        return self


class ObjectionForm(Form):
    """One sentence is enough. `regelbreuk`: it would break the rules of the game or the law."""

    versie: Annotated[int, Field(ge=1, le=10_000)]
    tekst: Text
    regelbreuk: bool = False


class CriterionForm(Form):
    criterium: Criterion
    ja: bool
    tekst: OptionalText = None


class CriteriaForm(Form):
    """Empty: ask for the test. Filled: the judge's answer to each of the four criteria, or to a breach of rules."""

    criteria: Annotated[list[CriterionForm], Field(max_length=4)] = []
    regelbreuk: bool | None = None
    tekst: OptionalText = None

    @model_validator(mode="after")
    def is_whole(self) -> Self:
        if self.criteria and {one.criterium for one in self.criteria} != set(Criterion):
            raise wrong("criteria", N_("Beantwoord elk van de vier vragen één keer."))
        return self

    @property
    def asks(self) -> bool:
        return not self.criteria and self.regelbreuk is None


class IntegrationForm(Form):
    """How the objection is met. Without changes: the version that now lies there meets it."""

    tekst: Text
    wijzigingen: Annotated[list[Change], Field(max_length=20)] = []

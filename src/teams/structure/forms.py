"""What may be filled in about a team, a role, a filling, a policy; names are those of the screen and the API."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from teams.kit.text import Line, LongLine, OptionalLine, OptionalText, Text
from teams.structure.models import CoreRole, ItemKind

Code = Annotated[Line, StringConstraints(max_length=40)]
Kind = Annotated[Line, StringConstraints(max_length=90)]
ItemText = Annotated[LongLine, StringConstraints(max_length=500)]
RoleHours = Annotated[Decimal, Field(ge=0, le=60, decimal_places=1)]


class Form(BaseModel):
    """Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class TeamForm(Form):
    code: Code
    naam: Line
    doel: OptionalText = None
    cluster: OptionalLine = None
    bovenliggendId: UUID | None = None


class RoleForm(Form):
    teamId: UUID
    naam: Line
    doel: OptionalText = None
    kernrol: CoreRole | None = None
    functie: OptionalLine = None
    verantwoordelijkheden: Annotated[list[ItemText], Field(max_length=50)] = []
    domeinen: Annotated[list[ItemText], Field(max_length=50)] = []

    def items(self) -> list[tuple[ItemKind, str]]:
        return [
            *((ItemKind.ACCOUNTABILITY, text) for text in self.verantwoordelijkheden),
            *((ItemKind.DOMAIN, text) for text in self.domeinen),
        ]


class FillingForm(Form):
    persoonId: UUID
    uren: RoleHours | None = None
    focus: OptionalLine = None
    gekozen: bool = False


class PolicyForm(Form):
    teamId: UUID
    soort: Kind
    titel: Line
    tekst: Text

"""What may be filled in about where a team is heading, and about a team whose deciding no longer works."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from teams.kit.text import LongLine, Text
from teams.structure.forms import Form

Aim = Annotated[LongLine, StringConstraints(max_length=400)]


class DirectionForm(Form):
    """G12: strategies, and priorities with the weightiest first. G8: the role that answers for the team. The whole at once.

    `versie`: of what was seen when this was filled in.
    """

    versie: Annotated[int, Field(ge=0, le=1_000_000)]
    strategie: Annotated[list[Aim], Field(max_length=10)] = []
    prioriteiten: Annotated[list[Aim], Field(max_length=20)] = []
    aanspreekrolId: UUID | None = None


class BreakdownForm(Form):
    """G34: what goes wrong in the deciding, as a pattern; or why it works again."""

    tekst: Text

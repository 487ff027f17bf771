"""What may be filled in about a person; one model for page, API, import and command line."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from teams.kit.text import N_, Line, clean, written_day

EARLIEST, LATEST = date(1950, 1, 1), date(2199, 12, 31)
Day = Annotated[date, Field(ge=EARLIEST, le=LATEST), BeforeValidator(written_day)]
ContractHours = Annotated[Decimal, Field(ge=0, le=60, decimal_places=1)]

_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z][A-Za-z0-9-]{1,62}")


def email(value: str) -> str:
    """An address that a mail server takes: one `@`, a domain with a dot, no spaces, ASCII."""
    if len(value) > 254 or not _EMAIL.fullmatch(value) or ".." in value:
        raise PydanticCustomError("email", N_("Dit is geen e-mailadres."))
    return value


def _clean(value: Any) -> Any:
    return clean(value) if isinstance(value, str) else value


Email = Annotated[str, BeforeValidator(_clean), AfterValidator(email)]
Number = Annotated[Line, StringConstraints(max_length=40)]
SkillName = Annotated[Line, StringConstraints(max_length=80)]


class PersonForm(BaseModel):
    """Someone who comes into service."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    personeelsnummer: Number
    naam: Line
    email: Email
    contracturen: ContractHours
    in_dienst: Day
    uit_dienst: Day | None = None


class SkillsForm(BaseModel):
    """What someone can do: from the list, and in own words."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    anders: Annotated[list[SkillName], Field(max_length=20)]


class AbsenceForm(BaseModel):
    """Days away, both included."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    van: Day
    tot: Day

"""Pieces that several answers share: a name with an id, hours as a number."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, PlainSerializer

Hours = Annotated[Decimal, PlainSerializer(float, return_type=float), Field(examples=[6.5])]
Geld = Annotated[
    int,
    PlainSerializer(lambda cents: cents / 100, return_type=float),
    Field(description="in euro's, hoogstens twee cijfers achter de punt", examples=[7500]),
]
Volgende = Annotated[
    str | None, Field(json_schema_extra={"format": "uri-reference"}, description="adres van de volgende bladzijde")
]


class Naam(BaseModel):
    """Iets of iemand met een naam."""

    id: UUID
    naam: str


def named(id: UUID | str | None, name: str | None) -> Naam | None:
    """Id with name, or nothing where there is none (or it did not exist then)."""
    return Naam(id=UUID(str(id)), naam=name) if id is not None and name is not None else None

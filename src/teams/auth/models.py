"""Who is at the door: an account (not a person), its rights, and how a request proved to be that account."""

from dataclasses import dataclass
from uuid import UUID

from teams.journal.models import Actor


@dataclass(frozen=True)
class Visitor:
    """A signed-in account with what every page needs. `rights` holds 'bestuurder' for members of an organ."""

    account_id: UUID
    person_id: UUID | None
    name: str
    email: str
    rights: frozenset[str]
    team_id: UUID | None
    team_name: str | None
    language: str
    must_change: bool
    unread: int = 0
    weak: bool = False
    proved: bool = False
    """Showed less than a quarter of an hour ago who it is."""

    @property
    def held(self) -> bool:
        """Logged in, but first something to do: an own password, a second step."""
        return self.must_change or self.weak

    @property
    def is_employee(self) -> bool:
        """Someone in the organisation: reads klussen and structure. A council reader is not."""
        return self.person_id is not None and "raad" not in self.rights

    @property
    def may_claim(self) -> bool:
        """Officeholders and council readers take no klussen ('Who may do what')."""
        return self.is_employee and "bestuurder" not in self.rights

    @property
    def is_secretary(self) -> bool:
        return "secretaris" in self.rights

    def actor(self, request_id: str | None = None, origin: str | None = None) -> Actor:
        return Actor(self.person_id, self.name, self.rights, self.account_id, request_id, origin)

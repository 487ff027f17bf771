"""Passwords: argon2id, 15 to 200 characters, no rules of composition; what is made of well known words is refused."""

import asyncio
from importlib.resources import files

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from teams.kit.errors import Invalid, Reason
from teams.kit.text import N_

LEAST, MOST = 15, 200
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_DUMMY = _HASHER.hash("nobody has this password")
AT_ONCE = asyncio.Semaphore(2)
_KNOWN = sorted(files("teams.auth").joinpath("known_words.txt").read_text("utf-8").split(), key=len, reverse=True)
"""What leaked passwords are made of, longest first: such words count for nothing."""


def check_new(password: str, *, email: str) -> None:
    """Raises `Invalid` on field `nieuw` for a password that is too short, too long or too easy to guess."""
    if len(password) < LEAST:
        raise Invalid(
            {"nieuw": Reason("nieuw", N_("Kies een wachtwoord van {least} tekens of meer."), {"least": LEAST})}
        )
    if len(password) > MOST:
        raise Invalid(
            {"nieuw": Reason("nieuw", N_("Kies een wachtwoord van {most} tekens of minder."), {"most": MOST})}
        )
    low = password.lower()
    rest = low
    for word in (email.split("@")[0].lower(), *_KNOWN):
        rest = rest.replace(word, "")
    if len(set(low)) < 5 or len(rest.strip("0123456789!?. ")) < 4:
        raise Invalid(
            {"nieuw": Reason("nieuw", N_("Dit wachtwoord is te makkelijk te raden. Gebruik vier losse woorden."))}
        )


async def hashed(password: str) -> str:
    async with AT_ONCE:
        return await asyncio.to_thread(_HASHER.hash, password)


async def matches(stored: str | None, password: str) -> bool:
    """Takes the same time whether or not there is a stored hash."""
    async with AT_ONCE:
        return await asyncio.to_thread(_matches, stored, password)


def _matches(stored: str | None, password: str) -> bool:
    try:
        _HASHER.verify(stored or _DUMMY, password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None

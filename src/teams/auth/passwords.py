"""Passwords: argon2id, 15 to 200 characters, no rules of composition; what is made of well known words is refused."""

import asyncio
import re
from functools import cache
from importlib.resources import files

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from teams.kit.errors import Invalid, Reason
from teams.kit.text import N_

LEAST, MOST = 15, 200
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_DUMMY = _HASHER.hash("nobody has this password")
AT_ONCE = asyncio.Semaphore(2)
_KNOWN = frozenset(files("teams.auth").joinpath("known_words.txt").read_text("utf-8").split())
"""What leaked passwords are made of: such words count for nothing."""


@cache
def leaked() -> frozenset[str]:
    """Leaked passwords of 15 characters and more, from a package that is fetched when Teams is built."""
    return frozenset(files("teams.auth").joinpath("leaked.txt").read_text("utf-8").splitlines())


def check_new(password: str, *, email: str, around: str = "") -> None:
    """Raises `Invalid` on field `nieuw` for a password that is too short, too long or too easy to guess.

    `around`: names that a guesser would try first, of the person and the municipality; they count for nothing, as do
    the parts of the e-mail address.
    """
    if len(password) < LEAST:
        raise Invalid(
            {"nieuw": Reason("nieuw", N_("Kies een wachtwoord van {least} tekens of meer."), {"least": LEAST})}
        )
    if len(password) > MOST:
        raise Invalid(
            {"nieuw": Reason("nieuw", N_("Kies een wachtwoord van {most} tekens of minder."), {"most": MOST})}
        )
    low = password.casefold()
    near = [word for word in re.findall(r"\w{3,}", f"{email} {around}".casefold()) if not word.isdigit()]
    rest = low
    for word in sorted({email.split("@")[0].casefold(), *near, *_KNOWN}, key=len, reverse=True):
        rest = rest.replace(word, "")
    if len(set(low)) < 5 or len(rest.strip("0123456789!?. _-")) < 4 or low in leaked():
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

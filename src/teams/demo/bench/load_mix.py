"""What people do all day: four of five times they read, one of seven they search, one of twenty they take a place or give it back."""

from dataclasses import dataclass
from random import Random

import asyncpg

from teams.demo.postgres import Server
from teams.kit.db import plain_url

READING, SEARCHING = 0.80, 0.95
_WORDS = ("buurt", "groen", "vergunning", "tobake", "kwikstaart", "wijk", "subsidie", "vergunninng", "archief", "water")
_FOUND = {
    "/klussen/{}": "select id::text from klus where state in ('open', 'in_uitvoering') order by md5(number::text) limit 300",
    "/teams/{}": "select team_id::text from team_version where upper_inf(recorded) and upper_inf(valid) order by md5(team_id::text) limit 200",
    "/rollen/{}": "select role_id::text from role_version where upper_inf(recorded) and upper_inf(valid) order by md5(role_id::text) limit 300",
    "/personen/{}": "select person_id::text from account order by md5(email) limit 300",
    "/mandaten/{}": "select number from power_grant where grant_state(id, now(), now()) = 'geldt' order by md5(number) limit 100",
    "/voorstellen/{}": "select id::text from proposal where state = 'aangenomen' order by md5(number::text) limit 100",
}
# How often of a hundred reads.
_READS = {
    "/": 20, "/klussen": 22, "/klussen?volgorde=nieuw": 6, "/klussen/{}": 18, "/teams/{}": 8, "/rollen/{}": 5, "/personen/{}": 4, "/meldingen": 6, "/uren": 4,
    "/voorstellen": 2, "/voorstellen/{}": 1, "/besluiten": 2, "/mandaten/{}": 2,
}  # fmt: skip
_OPEN = "select id::text from klus where state = 'open' and way = 'claim' and taken < places order by md5(number::text) limit 500"
OK, CLAIMED, GIVEN_BACK = frozenset({200}), frozenset({201, 409}), frozenset({200, 409})


@dataclass(frozen=True)
class Visit:
    """One request; `fits`: the answers that are none of them an error (a rule that says no is an answer)."""

    kind: str
    path: str
    body: bytes = b""
    fits: frozenset[int] = OK


@dataclass
class Visitor:
    session: str
    person: str
    claim: str | None = None


@dataclass(frozen=True)
class Mix:
    found: dict[str, list[str]]
    open: list[str]

    def next(self, random: Random, visitor: Visitor) -> Visit:
        turn = random.random()
        if turn < READING:
            return self.read(random)
        return self.search(random) if turn < SEARCHING else self.write(random, visitor)

    def read(self, random: Random) -> Visit:
        (path,) = random.choices(list(_READS), list(_READS.values()))
        return Visit("lezen", path.format(random.choice(self.found[path])) if path in self.found else path)

    def search(self, random: Random) -> Visit:
        return Visit(
            "zoeken", random.choice(("/klussen?zoek=", "/klussen?zoek=", "/zoeken?zoek=")) + random.choice(_WORDS)
        )

    def write(self, random: Random, visitor: Visitor) -> Visit:
        """A place taken is given back at the next turn, so that there is as much to do at the end as at the beginning."""
        if visitor.claim is None:
            return Visit("schrijven", f"/api/v1/klussen/{random.choice(self.open)}/inzet", b"{}", CLAIMED)
        path, visitor.claim = f"/api/v1/inzet/{visitor.claim}/intrekking", None
        return Visit("schrijven", path, b"{}", GIVEN_BACK)


async def read_mix(server: Server, name: str) -> Mix:
    connection = await asyncpg.connect(plain_url(server.url(database=name)))
    try:
        found = {path: [row[0] for row in await connection.fetch(query)] for path, query in _FOUND.items()}
        return Mix(found, [row[0] for row in await connection.fetch(_OPEN)])
    finally:
        await connection.close()

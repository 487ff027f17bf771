"""R17: an outsider draws the lots again from the page alone: the seed, the numbers and the rule, with the shell and plain Python."""

import html
import re
import subprocess
import sys
from datetime import timedelta
from typing import Any

import asyncpg

from teams.kit.clock import now
from teams.kit.db import Database
from teams.klussen.actions.claim import claim_klus, withdraw_claim
from tests.klussen.acts import moved
from tests.klussen.scene import clock, crowd
from tests.klussen.test_claim import posted
from tests.world import TODAY, World

AGAIN = "import hashlib,sys; s,*n=sys.argv[1:]; print(*sorted(n, key=lambda x: hashlib.sha256((s+':'+x).encode()).hexdigest()))"
SHELL = """
seed=$1; shift
for n in "$@"; do printf '%s %s\\n' "$(printf '%s' "$seed:$n" | sha256sum | cut -d' ' -f1)" "$n"; done | sort | cut -d' ' -f2 | xargs
"""


def said(page: str) -> str:
    """What somebody reads under 'De loting'."""
    part = page[page.index('id="loting"') :]
    words = re.sub(r"<[^>]+>", " ", part[: part.index("</section>")])
    return " ".join(html.unescape(words).split())


def run(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


async def test_R17_an_outsider_draws_the_lots_again_from_the_page_alone(
    visit: Any, db: Database, world: World, owner: asyncpg.Connection
) -> None:
    """Twenty-three lots, one of them withdrawn before the draw: a number that is missing, not one that moves up."""
    klus = (await posted(db, world, plaatsen=7, wijze="loten", aanmeldenTot=TODAY + timedelta(days=2))).id
    people = await crowd(owner, world, 23, team="top")
    for number, person in enumerate(people, start=1):
        async with db.begin() as session:
            held, _ = await claim_klus(session, klus, by=person)
        if number == 11:
            async with db.begin() as session:
                await withdraw_claim(session, held, by=person, at=await now(session))
    reader = await visit("dirk")
    before = said((await reader.get(f"/klussen/{klus}")).text)
    promise = re.search(r"[0-9a-f]{64}", before)
    assert promise and "Zaad" not in before, "before the draw only the fingerprint"
    await moved(owner, klus, apply_until=TODAY - timedelta(days=1))
    await clock(db, klus)
    page = said((await reader.get(f"/klussen/{klus}")).text)
    numbers = re.search(r"in deze volgorde: ([0-9, ]+)\.", page)
    seed = re.search(r"Zaad ([0-9a-f]{64}) Vingerafdruk ([0-9a-f]{64})", page)
    assert numbers and seed
    drawn = numbers[1].split(", ")
    assert sorted(map(int, drawn)) == [n for n in range(1, 24) if n != 11]
    assert seed[2] == promise[0] == run("sh", "-c", "printf %s $1 | sha256sum | cut -d' ' -f1", "-", seed[1])
    wanted = " ".join(drawn)
    assert run(sys.executable, "-c", AGAIN, seed[1], *sorted(drawn)) == wanted
    assert run("sh", "-c", SHELL, "-", seed[1], *sorted(drawn, key=int)) == wanted
    offered = await owner.fetch("select lot from claim where klus_id = $1 and state = 'aangeboden'", klus)
    assert {row["lot"] for row in offered} == set(map(int, drawn[:7]))

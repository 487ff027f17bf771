"""Search: who is answerable for what, by words and in spite of typing errors; what one may not see is not found."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from teams.kit.clock import now
from teams.kit.db import Database
from teams.kit.errors import Invalid
from teams.kit.text import words_in
from teams.klussen.listing import tsquery
from teams.mandates.queries.powers import powers_found
from teams.reports.search import KINDS, REGISTER, Found, around, mark, search, words_of
from teams.structure.moment import moment_from
from tests.klussen.test_claim import posted
from tests.structure.test_queries import queries
from tests.world import START, TODAY, World, add_role, fill


async def find(db: Database, world: World, who: str, typed: str, *, kind: str = "", op: str | None = None) -> Found:
    async with db.read() as session:
        moment = moment_from(op, None, await now(session))
        return await search(session, typed, world.actor(who), moment, kind=kind)


def names(found: Found, kind: str) -> list[str]:
    return [hit.name for one, hits, _ in found.groups if one == kind for hit in hits]


def marks(found: Found) -> set[str]:
    return {
        piece
        for _, hits, _ in found.groups
        for hit in hits
        for line in (hit.title, *hit.lines)
        for piece, marked in line
        if marked
    }


async def accountability(owner: asyncpg.Connection, role: UUID, text: str, kind: str = "verantwoordelijkheid") -> None:
    await owner.execute(
        "insert into role_item (role_id, kind, text, valid) values ($1, $2, $3, daterange($4, null))", role, kind, text, START
    )  # fmt: skip


async def test_who_is_answerable_for_what_names_the_role_the_words_and_who_fills_it(
    db: Database, owner: asyncpg.Connection, world: World
) -> None:
    await accountability(owner, world.roles["boom"], "Elke boom eens per 3 jaar laten controleren")
    await accountability(owner, world.roles["water"], "Het rioolplan", "domein")
    found = await find(db, world, "cato", "wie is verantwoordelijk voor bomen controleren?")
    assert names(found, "rol") == ["Boombeheerder"] and not found.alike
    (hit,) = found.groups[0][1]
    assert hit.people == ((str(world.people["aya"]), "Aya Proef"),) and hit.place == "Groen en Water"
    assert {"boom", "controleren"} <= marks(found)
    assert names(await find(db, world, "cato", "rioolplan"), "rol") == ["Waterbeheerder"], "a domain"
    assert names(await find(db, world, "cato", "boom aya"), "rol") == ["Boombeheerder"], "a word beside who fills it"
    assert names(await find(db, world, "cato", "groen beheer"), "rol") == [], "a team alone is no answer to what"
    assert "Rolverdeler" in names(await find(db, world, "cato", "rolverdeler groen"), "rol"), "a role of a team"


async def test_everything_is_found_by_its_own_words(db: Database, owner: asyncpg.Connection, world: World) -> None:
    policy = await owner.fetchval("insert into policy (team_id) values ($1) returning id", world.teams["groen"])
    await owner.execute(
        "insert into policy_version (policy_id, kind, title, text, valid) values ($1, 'beperking', 'Kapvergadering',"
        " 'Over kap van eiken besluiten we samen.', daterange($2, null))",
        policy, START,
    )  # fmt: skip
    await posted(db, world, titel="Vleermuizen tellen", omschrijving="In de coördinatiecentrale van het park.")
    await proposal(owner, world, "aya", "consent", "Niemand let op de droogte", "Vorige zomer gingen eiken dood.")
    await power(owner, "KAP", "Vergunning voor het kappen van een boom", "eiken vellen")
    for word, kind, title in (
        ("dirk", "persoon", "Dirk Proef"), ("dirk@proefdam.example", "persoon", "Dirk Proef"),
        ("balies", "team", "Balie"), ("eik", "afspraak", "Kapvergadering"), ("vleermuis", "klus", "Vleermuizen tellen"),
        ("coordinatiecentrale", "klus", "Vleermuizen tellen"), ("droogte", "voorstel", "1"), ("voorstel 1", "voorstel", "1"),
        ("kap", "bevoegdheid", "Vergunning voor het kappen van een boom"), ("gr-01", "mandaat", "GR-01"),
        ("kappen vergunning", "mandaat", "GR-01"),
    ):  # fmt: skip
        found = await find(db, world, "cato", word)
        assert names(found, kind) == [title], (word, found)
    assert "coördinatiecentrale" in marks(await find(db, world, "cato", "coordinatiecentrale")), "as it was written"
    person = (await find(db, world, "cato", "dirk")).groups[0][1][0]
    assert [name for _, name in person.roles] == ["Baliemedewerker"]


async def test_a_typing_error_still_finds_it_and_says_that_it_is_by_likeness(
    db: Database, owner: asyncpg.Connection, world: World
) -> None:
    await accountability(owner, world.roles["boom"], "Elke boom laten controleren")
    for typed, kind, title in (
        ("boombeheeder", "rol", "Boombeheerder"), ("waterbehéerdr", "rol", "Waterbeheerder"),
        ("wie controleert de bomen", "rol", "Boombeheerder"), ("catoo proev", "persoon", "Cato Proef"),
    ):  # fmt: skip
        found = await find(db, world, "aya", typed)
        assert title in names(found, kind) and found.alike, typed
    for typed in ("xylofoonbouwer", "%", "_", "\\", "' or 1=1 --", "& | ! ( )", "", "  ", "?" * 100, "'" * 50):
        found = await find(db, world, "aya", typed)
        assert found.number == 0, typed
    with pytest.raises(Invalid):
        await find(db, world, "aya", "a" * 121)


async def test_what_was_is_found_as_of_its_day(db: Database, owner: asyncpg.Connection, world: World) -> None:
    role = await add_role(owner, world.teams["balie"], "Tijdelijke gastheer")
    await owner.execute("update role_version set recorded = tstzrange(lower(recorded), now()) where role_id = $1", role)
    await owner.execute(
        "insert into role_version (role_id, team_id, name, purpose, valid) values ($1, $2, 'Tijdelijke gastheer', '',"
        " daterange($3, $4))",
        role, world.teams["balie"], START, TODAY - timedelta(10),
    )  # fmt: skip
    assert names(await find(db, world, "aya", "gastheer"), "rol") == []
    then = await find(db, world, "aya", "gastheer", op=str(TODAY - timedelta(20)))
    assert names(then, "rol") == ["Tijdelijke gastheer"]


async def test_drafts_are_for_their_makers_and_the_council_reader_finds_the_register_only(
    db: Database, owner: asyncpg.Connection, world: World
) -> None:
    await proposal(owner, world, "aya", "concept", "Zeldzaamheid in het park", "Nog niet rond.")
    await posted(db, world, titel="Zeldzaamheid tellen")
    await power(owner, "ZELD", "Zeldzaamheid verklaren", "")
    assert names(await find(db, world, "aya", "zeldzaamheid"), "voorstel") == ["1"]
    assert names(await find(db, world, "sef", "zeldzaamheid"), "voorstel") == []
    council = await find(db, world, "gea", "zeldzaamheid")
    assert {kind for kind, _, _ in council.groups} <= set(REGISTER) and names(council, "bevoegdheid")
    for word in ("aya", "boom", "groen", "proef"):
        assert (await find(db, world, "gea", word, kind="persoon")).number == 0
        assert not {kind for kind, _, _ in (await find(db, world, "gea", word)).groups} - set(REGISTER)


async def test_decisions_are_found_by_who_may_see_them_and_confidential_ones_by_number(
    db: Database, owner: asyncpg.Connection, world: World
) -> None:
    await power(owner, "KAP", "Vergunning voor het kappen", "")
    await decision(owner, world, 1, "aya", "boom", "Kap van de oude linde", confidential=False)
    await decision(owner, world, 2, "aya", "boom", "", confidential=True)
    first, second = f"{TODAY.year}-00001", f"{TODAY.year}-00002"
    seen: dict[str, tuple[list[str], list[str]]] = {}
    for who in ("aya", "bram", "sef", "kees", "beer", "wil"):
        by_words, by_number = await find(db, world, who, "kappen"), await find(db, world, who, second)
        seen[who] = (sorted(names(by_words, "besluit")), names(by_number, "besluit"))
    both, number, nothing = ([first, second], [second]), ([first], [second]), ([], [])
    assert seen == {"aya": both, "bram": nothing, "sef": number, "kees": number, "beer": nothing, "wil": number}
    hidden = (await find(db, world, "sef", second)).groups[0][1][0]
    assert hidden.lines == () and hidden.more["shown"] is False
    await fill(owner, world.roles["boom"], world.people["dirk"], 4)
    assert names(await find(db, world, "dirk", "kappen"), "besluit") == [second, first], "own role's cases"
    assert names(await find(db, world, "kees", "linde"), "besluit") == [first]
    assert names(await find(db, world, "kees", "aya"), "besluit") == [], "never by who decided"


async def test_an_old_decision_with_a_rare_word_is_found_below_a_hundred_newer_ones(
    db: Database, owner: asyncpg.Connection, world: World
) -> None:
    await power(owner, "KAP", "Vergunning voor het kappen", "")
    subjects = ["Kap van de zomereik", *(f"Kap van berk {number}" for number in range(102))]
    for serial, subject in enumerate(subjects, 1):
        await decision(owner, world, serial, "aya", "boom", subject, confidential=False)
    await fill(owner, world.roles["boom"], world.people["dirk"], 4)
    for who in ("aya", "dirk", "kees"):
        assert names(await find(db, world, who, "zomereik"), "besluit") == [f"{TODAY.year}-00001"]
        newest = await find(db, world, who, "kappen")
        assert (
            names(newest, "besluit") == [f"{TODAY.year}-{number:05}" for number in range(103, 98, -1)]
            and not newest.cut
        )
    assert names(await find(db, world, "bram", "zomereik"), "besluit") == []


async def test_a_mandate_is_found_by_the_beginning_of_its_number_and_a_power_by_its_code_first(
    db: Database, owner: asyncpg.Connection, world: World
) -> None:
    await power(owner, "KAP", "Vergunning voor het rooien", "")
    await owner.execute("insert into power (code) select 'X' || n from generate_series(1, 9) n")
    await owner.execute(
        "insert into power_version (power_id, title, organs, valid) select id, 'Kap', '{college}', tstzrange($1, null)"
        " from power where code like 'X%'",
        datetime.combine(START, datetime.min.time(), UTC),
    )
    (found,) = [hits for kind, hits, _ in (await find(db, world, "aya", "kap")).groups if kind == "bevoegdheid"]
    assert [hit.key for hit in found] == ["KAP", "X1", "X2", "X3", "X4"]
    for typed in ("gr-01", "GR-0", "gr"):
        assert names(await find(db, world, "aya", typed), "mandaat") == ["GR-01"]
    for typed in ("GR-01 %", "G_-01", "R-01"):
        assert names(await find(db, world, "aya", typed), "mandaat") == []


async def test_few_statements_however_many_are_found(db: Database, owner: asyncpg.Connection, world: World) -> None:
    await power(owner, "KAP", "Kappen van groen", "")
    counts = {}
    for turn in range(2):
        for word in ("groen", "groenn beherr", "xylofoon", "gr-01"):
            async with db.read() as session:
                moment = moment_from(None, None, await now(session))
                with queries(db) as sent:
                    await search(session, word, world.actor("aya"), moment)
            counts[turn, word] = len(sent)
        for number in range(30):
            await add_role(owner, world.teams["groen"], f"Groenrol {turn} {number}")
    assert max(counts.values()) <= 6
    assert [counts[0, word] for word in ("groen", "xylofoon")] == [counts[1, word] for word in ("groen", "xylofoon")]
    found = await find(db, world, "aya", "groenrol")
    assert (len(found.groups[0][1]), found.groups[0][2]) == (5, True)
    assert len((await find(db, world, "aya", "groenrol", kind="rol")).groups[0][1]) == 50


@settings(max_examples=60)
@given(
    st.text(max_size=60),
    st.lists(st.sampled_from(["boom", "Bomen,", "ß", "½", "É", "\n", "  ", "a\u0301"]), max_size=8),
)
def test_marking_never_changes_the_text(free: str, words: list[str]) -> None:
    said = free + " ".join(words)
    for hit in (said, said.lower(), said.replace("boom", "\x01boom\x02")):
        assert "".join(piece for piece, _ in mark(said, hit, [])) == said
    assert "".join(piece for piece, _ in mark(said, said, ["boom"])) == said
    assert len("".join(piece for piece, _ in around(((said * 20, False), ("boom", True), (said * 20, False))))) < 1400


@given(st.text(max_size=80))
def test_words_hold_nothing_that_a_query_could_mean(typed: str) -> None:
    for word in words_of(typed):
        assert word.removesuffix(":*").isalnum()
    assert len(words_of(typed)) <= 8


def test_every_kind_has_its_part() -> None:
    assert set(REGISTER) < set(KINDS) and len(KINDS) == 9


async def proposal(owner: asyncpg.Connection, world: World, who: str, state: str, tension: str, example: str) -> None:
    changes = [{"soort": "rol_nieuw", "naam": "Droogtewachter", "doel": "Water op tijd."}]
    team, person = world.teams["groen"], world.people[who]
    tid = await owner.fetchval(
        "insert into tension (team_id, role_id, person_id, text, example) values ($1, $2, $3, $4, $5) returning id",
        team, world.roles["boom"], person, tension, example,
    )  # fmt: skip
    pid = await owner.fetchval(
        "insert into proposal (team_id, tension_id, proposer_id, state) values ($1, $2, $3, $4) returning id", team, tid, person, state
    )  # fmt: skip
    await owner.execute(
        "insert into proposal_version (proposal_id, version, changes, made_by) values ($1, 1, $2, $3)", pid, json.dumps(changes), person
    )  # fmt: skip


async def power(owner: asyncpg.Connection, code: str, title: str, keywords: str, role: str = "Boombeheerder") -> None:
    key = await owner.fetchval("insert into power (code) values ($1) returning id", code)
    await owner.execute(
        "insert into power_version (power_id, title, organs, keywords, valid) values ($1, $2, '{college}', $3, tstzrange($4, null))",
        key, title, keywords, datetime.combine(START, datetime.min.time(), UTC),
    )  # fmt: skip
    grant = await owner.fetchval("insert into power_grant (number) values ('GR-01') returning id")
    holder = await owner.fetchval("select role_id from role_version where name = $1", role)
    await owner.execute(
        "insert into grant_version (grant_id, kinds, grantors, holder, powers, decided_on, published_on, valid)"
        " values ($1, '{mandaat}', '{orgaan:college}', $2, array[$3], $4, $4, tstzrange($4, null))",
        grant, f"rol:{holder}", code, datetime.combine(START, datetime.min.time(), UTC),
    )  # fmt: skip


async def decision(
    owner: asyncpg.Connection, world: World, serial: int, who: str, role: str, subject: str, *, confidential: bool
) -> None:
    values: dict[str, Any] = {
        "year": TODAY.year, "serial": serial, "power": "KAP", "power_title": "Vergunning voor het kappen", "act": "besluit",
        "organ": "college", "confidential": confidential, "person_id": world.people[who], "role_id": world.roles[role],
        "capacity": "houder", "verdict": "ja", "outcome": "bevoegd", "chains": "[]", "base": "per_besluit", "rulebook": "r",
        "rules": "[]", "rules_hash": "sha256:" + "0" * 64, "subject": None if confidential else subject, "no_interest": True,
        "decided_at": datetime.now(UTC) - timedelta(hours=1),
    }  # fmt: skip
    entry = await owner.fetchval("insert into journal (verb) values ('decision.recorded') returning id")
    values["entry_id"] = entry
    async with owner.transaction():
        await owner.execute("insert into decision_counter (year, last) values ($1, $2) on conflict (year) do update set last = $2",
                            TODAY.year, serial)  # fmt: skip
        holes = ", ".join(f"${n}" for n in range(1, len(values) + 1))
        await owner.execute(f"insert into decision ({', '.join(values)}) values ({holes})", *values.values())


async def test_no_sign_that_somebody_can_type_means_something_to_the_search_itself(
    db: Database, owner: asyncpg.Connection, world: World
) -> None:
    """Rule 31: taking off accents makes ' 1/2' of one sign, and an apostrophe of a letter."""
    signs = {word for number in range(1, 0x30000) if not 0xD800 <= number < 0xE000 for word in words_in(chr(number))}
    broken = "select c from unnest($1::text[]) c where plain(c) ~ $2"
    assert [row[0] for row in await owner.fetch(broken, list(signs), r"[\s&|!()<>:*'\\-]")] == []
    for typed in ("½ bomen", "ʼs-Hertogenbosch", "þ¾ð", "⑴ ŉ ː", "boom:* & !(x | y)"):
        assert await find(db, world, "cato", typed) is not None
        async with db.read() as session:
            await powers_found(session, typed, moment_from(None, None, await now(session)))
            await session.execute(text("select to_tsquery('dutch', plain(:query))"), {"query": tsquery(typed)})


async def test_of_a_common_word_the_first_are_looked_at_and_the_page_knows_it(
    db: Database, owner: asyncpg.Connection, world: World
) -> None:
    roles = [await add_role(owner, world.teams["balie"], f"Loketmedewerker {number}") for number in range(70)]
    await fill(owner, roles[-1], world.people["cato"], 0)
    found = await find(db, world, "aya", "loketmedewerker")
    assert found.cut == {"rol"} and len(names(found, "rol")) == 5
    narrow = await find(db, world, "aya", "loketmedewerker cato")
    assert names(narrow, "rol") == ["Loketmedewerker 69"], "a rare word beside a common one finds what has both"
    assert names(await find(db, world, "aya", "loketmedewerker 33"), "rol") == ["Loketmedewerker 33"]
    assert not (await find(db, world, "aya", "boombeheerder")).cut

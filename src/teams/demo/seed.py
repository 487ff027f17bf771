"""Fills an empty database with Zandermeer: people and structure through the import, their two years of work as owner."""

import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID

import asyncpg
from sqlalchemy import text

from teams.auth import passwords
from teams.demo.account import seed_account
from teams.demo.elections import seed_elections
from teams.demo.findings import seed_decisions
from teams.demo.frameworks import lay_down, refer
from teams.demo.hours import seed_hours
from teams.demo.market import seed_klussen
from teams.demo.meetings import seed_meetings
from teams.demo.past import Past, antedate, guard_again
from teams.demo.waiting import seed_waiting
from teams.demo.zandermeer import write_files, zandermeer
from teams.demo.zandermeer.model import DemoWijziging, Zandermeer
from teams.exchange.run import run_import
from teams.kit.clock import start_of
from teams.kit.db import Database, plain_url
from teams.kit.errors import Conflict, NextStep, Reason
from teams.kit.text import N_

PASSWORD = "zandermeer"
MUNICIPALITY = "gemeente Zandermeer"
FILES = {
    "personen": ("personen",),
    "organisatie": ("teams", "rollen", "rolvervulling", "organen"),
    "mandaten": ("bevoegdheden", "mandaten", "uitsluitingen", "vervangingen"),
    "budgetten": ("budgetten",),
}
_ORGANISATION = text("insert into organisation (name) values (:name) on conflict do nothing")
_ACCOUNT = """
    insert into account (person_id, email, password_hash, created_at)
    select id, email, $2, $3 from person where number = $1 returning id, person_id
"""
_RIGHT = 'insert into account_right (account_id, "right", granted_at) values ($1, $2, $3)'
_ABSENCE = "insert into absence (person_id, valid, recorded) values ($1, daterange($2, $3), tstzrange($4, null))"
_POLICY = """
    with p as (insert into policy (team_id) values ($1) returning id)
    insert into policy_version (policy_id, kind, title, text, valid, recorded)
    select id, $2, $3, $4, daterange($5, null), tstzrange($6, null) from p returning policy_id
"""
_DIRECTION = """
    with d as (insert into direction (team_id) values ($1) returning id)
    insert into direction_version (direction_id, kind, text, role_id, position, valid, recorded)
    select id, $2, $3, $4, $5, daterange($6, null), tstzrange($7, null) from d
"""
_LEAD = """
    select v.role_id, f.person_id from role_version v join role_filling f on f.role_id = v.role_id and upper_inf(f.recorded)
    where v.team_id = $1 and v.core = 'rolverdeler' and upper_inf(v.recorded) order by lower(f.valid) limit 1
"""
_HEADING = (
    ("strategie", 1, "Liever schaduw en water dan meer gras."),
    ("strategie", 2, "Bewoners doen mee vóór de eerste schop."),
    ("prioriteit", 1, "De bomen van de winter in de grond."),
    ("prioriteit", 2, "Duikers vrij voordat het hard gaat regenen."),
    ("prioriteit", 3, "Nieuwe paden langs de Plas."),
)


async def is_empty(owner_url: str) -> bool:
    connection = await asyncpg.connect(plain_url(owner_url))
    try:
        return bool(await connection.fetchval("select not exists (select from person)"))
    finally:
        await connection.close()


async def seed(owner_url: str, today: date, say: Callable[[str], None], *, decisions: int = 5_200) -> None:
    """The same day gives the same municipality. `Conflict` when there are people already."""
    if not await is_empty(owner_url):
        raise Conflict(
            Reason("niet_leeg", N_("In deze database staan al mensen.")),
            then=(NextStep(N_("Gebruik een lege database, of begin opnieuw met 'teams demo --fresh'.")),),
        )
    z = zandermeer(today)
    await _import(owner_url, z, say)
    connection = await asyncpg.connect(plain_url(owner_url))
    try:
        async with connection.transaction():
            await antedate(connection, today)
            await refer(connection)
            await _role_history(connection, z)
            past = Past()
            await _accounts(connection, z, past)
            await _agreements(connection, z, past)
            say(f"{len(z.klussen)} klussen plaatsen en laten claimen")
            await seed_klussen(connection, z, past)
            say(f"{await seed_waiting(connection, today, past)} mensen die wachten of gekozen worden")
            say(f"{await seed_elections(connection, today, past)} verkiezingen met hun stemmen en redenen")
            say(f"{await seed_meetings(connection, today, past)} overleggen met hun verslagen")
            await past.write(connection)
            await guard_again(connection)
        await connection.execute("analyze")
    finally:
        await connection.close()
    say(f"{await seed_decisions(owner_url, today, decisions)} besluiten vastgelegd")
    connection = await asyncpg.connect(plain_url(owner_url))
    try:
        async with connection.transaction():
            say(f"{await seed_hours(connection, today)} urenboekingen, met vacatures en besparingen")
    finally:
        await connection.close()
    say(f"twee kwartalen verantwoord; {await seed_account(owner_url, today)} posten zonder logboekregel")


async def _import(owner_url: str, z: Zandermeer, say: Callable[[str], None]) -> None:
    secretary = next(account.email for account in z.accounts if "secretaris" in account.rechten)
    database = Database(owner_url, pool=2)
    try:
        async with database.begin() as session:
            await session.execute(_ORGANISATION, {"name": MUNICIPALITY})
        with tempfile.TemporaryDirectory(prefix="teams-zandermeer-") as folder:
            write_files(z, Path(folder))
            for kind in FILES:
                say(f"{kind} inlezen: {sum(len(z.files[name]) for name in FILES[kind])} rijen")
                code, lines = await run_import(database, kind, Path(folder), dry_run=False, namens=secretary)
                if code != 0:
                    raise RuntimeError("\n".join(lines))
        async with database.begin() as session:
            await lay_down(session, secretary, z.today)
    finally:
        await database.close()


async def _accounts(connection: asyncpg.Connection, z: Zandermeer, past: Past) -> None:
    """Everyone in service can log in; the accounts of `z` have their rights."""
    rights = {account.personeelsnummer: account.rechten for account in z.accounts}
    password = await passwords.hashed(PASSWORD)
    for row in z.files["personen"]:
        number, out = row["personeelsnummer"], row["uit_dienst"]
        if out and date.fromisoformat(out) < z.today:
            continue
        at = moment(max(date.fromisoformat(row["in_dienst"]), z.today - timedelta(days=720)))
        account, person = await connection.fetchrow(_ACCOUNT, number, password, at)
        past.tell(at, "account.added", (("account", account), ("person", person)), {})
        for right in rights.get(number, ()):
            await connection.execute(_RIGHT, account, right, at)


async def _agreements(connection: asyncpg.Connection, z: Zandermeer, past: Past) -> None:
    """Absences of people, policies of teams, and where one team is heading."""
    people = await ids(connection, "select number, id from person")
    teams = await ids(connection, "select code, id from team")
    for number, first, last in z.afwezig:
        known = moment(min(first, z.today) - timedelta(days=30))
        await connection.execute(_ABSENCE, people[number], first, last + timedelta(days=1), known)
    for made in z.afspraken:
        team, at = teams[made.team], moment(made.van)
        policy = await connection.fetchval(_POLICY, team, made.soort, made.titel, made.tekst, made.van, at)
        facts = {"policy": policy, "team": team, "from": made.van}
        past.tell(at, "policy.created", (("policy", policy), ("team", team)), facts, accountable=True, title=made.titel)
    first, groen = z.today - timedelta(days=75), teams["GW"]
    for kind, place, words in _HEADING:
        await connection.execute(_DIRECTION, groen, kind, words, None, place, first, moment(first))
    lead, who = await connection.fetchrow(_LEAD, groen)
    await connection.execute(_DIRECTION, groen, "aanspreekrol", "", lead, 0, first, moment(first))
    past.tell(
        moment(first), "team.direction_set", (("team", groen),), {"team": groen, "from": first}, by=who, role=lead
    )


async def _role_history(connection: asyncpg.Connection, z: Zandermeer) -> None:
    past = Past()
    for change in z.historie:
        role, team = await connection.fetchrow(
            "select v.role_id, v.team_id from role_version v join team t on t.id = v.team_id"
            " where t.code = $1 and v.name = $2 and upper_inf(v.recorded)",
            change.team, change.rol,
        )  # fmt: skip
        field = await (_item_history if "verantwoordelijkheid" in change.soort else _version_history)(
            connection, role, change
        )
        facts = {"role": role, "team": team, "from": change.op, "fields": [field]}
        past.tell(
            moment(change.op),
            "role.changed",
            (("role", role), ("team", team)),
            facts,
            accountable=True,
            name=change.rol,
        )
    await past.write(connection)


async def _version_history(connection: asyncpg.Connection, role: UUID, change: DemoWijziging) -> str:
    """What stands now holds, and is known, from the day of the change; the old words before it."""
    field = {"hernoemd": "name", "doel": "purpose"}[change.soort]
    other = "name" if field == "purpose" else "purpose"
    row = await connection.fetchrow(
        "update role_version set valid = daterange($2, upper(valid)), recorded = tstzrange($3, null)"
        f" where role_id = $1 and upper_inf(recorded) and valid @> $2::date"
        f" returning team_id, {other} as other, core, office, lower(old.valid) as first, upper(old.valid) as last,"
        " lower(old.recorded) as since",
        role, change.op, start_of(change.op),
    )  # fmt: skip
    for last, since, until in (
        (row["last"], row["since"], start_of(change.op)),
        (change.op, start_of(change.op), None),
    ):
        await connection.execute(
            f"insert into role_version (role_id, team_id, {field}, {other}, core, office, valid, recorded)"
            " values ($1, $2, $3, $4, $5, $6, daterange($7, $8), tstzrange($9, $10))",
            role, row["team_id"], change.oud, row["other"], row["core"], row["office"], row["first"], last, since, until,
        )  # fmt: skip
    return field


async def _item_history(connection: asyncpg.Connection, role: UUID, change: DemoWijziging) -> str:
    begin = start_of(change.op)
    if change.nieuw:
        await connection.execute(
            "update role_item set valid = daterange($3, upper(valid)), recorded = tstzrange($4, null)"
            " where role_id = $1 and text = $2 and upper_inf(recorded)",
            role, change.nieuw, change.op, begin,
        )  # fmt: skip
        return "items"
    await connection.execute(
        """
        with v as (
            select lower(valid) as first, upper(valid) as last, lower(recorded) as since, uuidv7() as item
            from role_version where role_id = $1 and upper_inf(recorded) order by lower(valid) limit 1
        )
        insert into role_item (item_id, role_id, kind, text, position, valid, recorded)
        select item, $1, 'verantwoordelijkheid', $2, 99, daterange(first, last), tstzrange(since, $4) from v
        union all
        select item, $1, 'verantwoordelijkheid', $2, 99, daterange(first, $3), tstzrange($4, null) from v
        """,
        role, change.oud, change.op, begin,
    )  # fmt: skip
    return "items"


async def ids(connection: asyncpg.Connection, query: str) -> dict[str, UUID]:
    return {row[0]: row[1] for row in await connection.fetch(query)}


def moment(day: date) -> datetime:
    """Half past eight in winter: the office opens."""
    return datetime.combine(day, time(7, 30), UTC)

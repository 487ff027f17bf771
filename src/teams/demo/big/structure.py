"""Teams, people, roles with ten years behind them, proposals and meetings: as many copies of Zandermeer's as asked."""

import asyncpg

from teams.demo.big.rows import copy, run, without_indexes
from teams.demo.run import ACCOUNTS

YEARS = 8
GRANTS = 19
"""How often the register of mandates stands there at most besides its own: about five thousand."""
_KNOWN = [f"{name}@zandermeer.example" for name in ACCOUNTS]
_ROOT = "(select team_id from team_version where parent_id is null limit 1)"
# Who does the work, the accounts of the demo first.
_PEOPLE = """
    create unlogged table big_person as
    select id, (row_number() over (order by email = any($1) desc, md5(number))) - 1 as number
    from (select p.id, p.number, p.email from person p join account a on a.person_id = p.id
        where a.disabled_at is null and exists (select from contract c where c.person_id = p.id and upper_inf(c.valid))) x
"""
# A year each, before the first that is known now: other words then, known since then.
_EARLIER = """
    insert into {table} ({columns})
    select {values} from {table} v
    join (select {key} as of, min(lower(valid)) as first from {table} where upper_inf(recorded) group by 1) f
        on f.of = v.{key} and f.first = lower(v.valid) and upper_inf(v.recorded)
    cross join generate_series(1, {years}) y
"""
_EARLIER_FILLINGS = """
    insert into role_filling (role_id, person_id, hours, focus, elected, valid, recorded)
    select f.role_id, o.id, f.hours, '', f.elected, tstzrange(f.first - y * interval '1 year', f.first - (y - 1) * interval '1 year'),
        tstzrange(f.first - y * interval '1 year', null)
    from (select distinct on (role_id) *, lower(valid) as first from role_filling where upper_inf(recorded) order by role_id, lower(valid), id) f
    join big_person me on me.id = f.person_id cross join generate_series(1, {years}) y
    join big_person o on o.number = (me.number + y * 11) % (select count(*) from big_person)
"""
_ENTRIES = "b.verb ~ '^(role|team|person|policy|account)[.]'"
_MEETINGS = ("meeting_item", "meeting_line", "meeting_notice", "meeting_presence")


def copies(places: int, crowds: int, many: int | None = None) -> str:
    """Rows n, c, p: the copy, the structure that it belongs to, and whose people it has. The people of the demo's own
    copy fill no roles elsewhere, so that their work is the same in every size."""
    last = places - 1 if many is None else many
    place = "n" if many is None else f"n % {places}"
    people = f"case when c < {crowds} then c else 1 + c % {max(crowds - 1, 1)} end"
    return f"(select n, c, {people} as p from (select n, {place} as c from generate_series(1, {last}::bigint) n) x) m"


async def grow(connection: asyncpg.Connection, places: int, crowds: int, governance: int) -> None:
    """Copy 0 is Zandermeer; the root of each other one hangs below Zandermeer's own."""
    await _people(connection, places, crowds)
    await _teams(connection, copies(places, crowds))
    await run(connection, _PEOPLE, _KNOWN)
    await run(connection, "create unique index on big_person (number); create unique index on big_person (id)")
    await run(connection, "analyze")
    words = {"purpose": "'Doel van ' || y || ' jaar eerder'", "text": "'Zo was het ' || y || ' jaar eerder.'"}
    for table, key in (("team_version", "team_id"), ("role_version", "role_id"), ("policy_version", "policy_id")):
        await _earlier(connection, table, key, words)
    await run(connection, _EARLIER_FILLINGS.format(years=YEARS))
    again = await without_indexes(connection, "journal", "journal_subject")
    await _journal(connection, copies(places, crowds))
    await again()
    await _governance(connection, copies(places, crowds, governance))
    await _register(connection, min(places - 1, GRANTS))
    await run(connection, "analyze")


async def _people(connection: asyncpg.Connection, places: int, crowds: int) -> None:
    crowd = f"(select n, n as c, n as p from generate_series(1, {crowds - 1}) n) m"
    email = "replace(b.email, '@', '~' || m.n || '@')"
    await copy(
        connection, "person", crowd, id="own", number="b.number || '~' || m.n", name="b.name || ' ' || m.n", email=email
    )
    await copy(connection, "account", crowd, id="own", person_id="own", email=email)
    for table in ("contract", "absence"):
        await copy(connection, table, crowd, id="own", person_id="own")
    await copy(connection, "person_skill", crowd, person_id="own")
    # Where there are more teams than people for them, half of the people live in the further one.
    further = (
        f"case when m.n + {crowds} < {places} and get_byte(uuid_send(b.person_id), 15) % 2 = 1 then {crowds} else 0 end"
    )
    await copy(connection, "home_team", crowd, id="own", person_id="own", team_id=f"big_id(b.team_id, m.n + {further})")


async def _teams(connection: asyncpg.Connection, places: str) -> None:
    await copy(connection, "team", places, id="own", code="b.code || m.n")
    await copy(
        connection, "team_version", places, id="own", team_id="own", name="b.name || ' ' || m.n",
        parent_id=f"coalesce(big_id(b.parent_id, m.n), {_ROOT})",
    )  # fmt: skip
    await copy(connection, "role", places, id="own")
    await copy(connection, "role_version", places, id="own", role_id="own", team_id="own", office="null")
    await copy(connection, "role_item", places, id="own", item_id="own", role_id="own")
    await copy(connection, "role_filling", places, id="own", role_id="own", person_id="who")
    await copy(connection, "policy", places, id="own", team_id="own")
    await copy(connection, "policy_version", places, id="own", policy_id="own")


async def _earlier(connection: asyncpg.Connection, table: str, key: str, words: dict[str, str]) -> None:
    columns = [
        row[0]
        for row in await connection.fetch(
            "select attname from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped and attname <> 'id'",
            table,
        )
    ]
    ago, since = (
        "(lower(v.valid) - y * interval '1 year')::date",
        "(lower(v.valid) - (y - 1) * interval '1 year')::date",
    )
    given = words | {"valid": f"daterange({ago}, {since})", "recorded": f"tstzrange({ago}, null)"}
    values = [given.get(column, f"v.{column}") for column in columns]
    await run(
        connection,
        _EARLIER.format(table=table, key=key, columns=", ".join(columns), values=", ".join(values), years=YEARS),
    )


async def _journal(connection: asyncpg.Connection, places: str) -> None:
    """What the journal says of this structure, each at its own moment; later these entries become leaves, as those of Zandermeer itself."""
    await copy(
        connection, "journal", places, _ENTRIES, id="big_id(b.id, m.n, 0)", actor="who", acting_role="place", xid="pg_current_xact_id()",
        facts="big_facts(b.facts, m.c, m.p)",
    )  # fmt: skip
    about = f"exists (select from journal j where j.id = b.entry and {_ENTRIES.replace('b.', 'j.')})"
    subject = "case when b.kind = 'person' then big_id(b.id, m.p) else big_id(b.id, m.c) end"
    await copy(connection, "journal_subject", places, about, entry="big_id(b.entry, m.n, 0)", id=subject)
    key = "sha256(uuid_send(big_id(b.entry, m.n, 0)) || convert_to(b.field, 'UTF8'))"
    await copy(connection, "journal_text", places, about, entry="big_id(b.entry, m.n, 0)", key=key)


async def _governance(connection: asyncpg.Connection, many: str) -> None:
    ago = "- (m.n / 100.0) * interval '36 days'"
    moved = {name: f"b.{name} {ago}" for name in ("at", "starts_at", "ends_at", "planned_at", "opened_at", "closed_at")}
    one = "b.state = 'aangenomen' and b.offer_id is null"
    of = f"exists (select from proposal o where o.id = b.proposal_id and {one.replace('b.', 'o.')})"
    await copy(
        connection, "tension", many, "exists (select from proposal o where o.tension_id = b.id and o.state = 'aangenomen' and o.offer_id is null)",
        id="own", team_id="place", role_id="place", person_id="who", at=moved["at"],
    )  # fmt: skip
    await copy(
        connection, "proposal", many, one, id="own", team_id="place", tension_id="own", proposer_id="who",
        created_at=f"b.created_at {ago}",
    )  # fmt: skip
    await copy(connection, "proposal_version", many, of, proposal_id="own", made_by="who", at=moved["at"])
    await copy(
        connection,
        "proposal_round",
        many,
        of,
        proposal_id="own",
        lapses_at=f"b.lapses_at {ago}",
        opened_at=f"b.opened_at {ago}",
    )
    await copy(connection, "proposal_elector", many, of, proposal_id="own", person_id="who", role_id="place")
    await copy(connection, "proposal_response", many, of, proposal_id="own", person_id="who", at=moved["at"])
    await copy(connection, "adoption", many, of, proposal_id="own", at=moved["at"])
    closed = "exists (select from meeting o where o.id = b.{} and o.state = 'gesloten')"
    await copy(
        connection, "meeting", many, "b.state = 'gesloten'", id="own", team_id="place", planned_by="who",
        **{name: moved[name] for name in moved if name != "at"},
    )  # fmt: skip
    own = {"meeting_item": ("id", "person_id"), "meeting_line": ("id", "person_id", "written_by", "item_id")}
    for table in _MEETINGS:
        people = {"person_id": "who", "marked_by": "who", "written_by": "who"}
        given = {"id": "own", "meeting_id": "own", "item_id": "own", "proposal_id": "null", "role_id": "place"} | people
        columns = {
            row[0]
            for row in await connection.fetch("select attname from pg_attribute where attrelid = $1::regclass", table)
        }
        assert set(own.get(table, ())) <= columns
        await copy(
            connection,
            table,
            many,
            closed.format("meeting_id"),
            **{name: how for name, how in given.items() if name in columns},
        )


async def _register(connection: asyncpg.Connection, times: int) -> None:
    """Half as many more powers as grants: a register that grows has more to a power too, but not twenty times."""
    powers = f"(select n, '-' || n as suffix from generate_series(1, {times // 2}::bigint) n) m"
    await copy(connection, "power", powers, id="own", code="b.code || m.suffix")
    await copy(connection, "power_version", powers, id="own", power_id="own", title="b.title || ' ' || m.n")
    await copy(connection, "power_basis", powers, id="own", power_id="own", item_id="own")
    grants = (
        f"(select n, n as c, case when n % {times // 2 + 1} > 0 then '-' || n % {times // 2 + 1} else '' end as suffix"
        f" from generate_series(1, {times}::bigint) n) m"
    )
    party = "case when {0} like 'rol:%' then 'rol:' || big_id(substr({0}, 5)::uuid, m.c) else {0} end"
    named = "(select array_agg(x || m.suffix) from unnest(b.{}) x)"
    later = "'ZZ' || lpad(m.n::text, 2, '0') || '-' || b.number"  # numbers go up in the order in which grants are made
    await copy(connection, "power_grant", grants, id="own", number=later)
    await copy(
        connection, "grant_version", grants, id="own", grant_id="own", parent_id="own", holder=party.format("b.holder"),
        grantors=f"(select array_agg({party.format('x')}) from unnest(b.grantors) x)",
        powers=f"coalesce({named.format('powers')}, '{{}}')", all_except=named.format("all_except"),
    )  # fmt: skip

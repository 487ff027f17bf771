"""`mandaten` and `budgetten`: what the files change; both wait until the secretary confirms the difference."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.exchange.mandaten.around import plan_budget_rows, plan_replacements
from teams.exchange.mandaten.frameworks import plan_frameworks
from teams.exchange.mandaten.grants import plan_grants, verbs
from teams.exchange.mandaten.powers import plan_exclusions, plan_powers
from teams.exchange.mandaten.register import Register
from teams.exchange.mandaten.rows import Rows, read_rows
from teams.exchange.mandaten.state import Moments, load_names, load_state
from teams.exchange.plan import Draft
from teams.exchange.tables import Table
from teams.journal.batch import new_ids
from teams.journal.models import Actor, Note, record_many
from teams.kit.clock import now, start_of
from teams.mandates.actions.authority import lock_register

_LINKS = text(
    """
    select g.id, g.number || '@' || v.hash as link from power_grant g join grant_version v on v.grant_id = g.id
    where g.id = any(:ids) and upper_inf(v.recorded) order by lower(v.valid)
    """
)
_FACTS = ("powers", "all_except", "kinds", "grantors", "holder", "ceiling")
_DAYS = ("decided_on", "published_on", "withdrawn_at")
_TEXTS = ("decision", "publication", "withdrawal")


async def plan_mandates(session: AsyncSession, tables: Mapping[str, Table], *, today: date) -> Draft:
    draft = Draft(today)
    rows = read_rows(tables, draft.errors)
    await lock_register(session)
    at = await now(session)
    state = await load_state(session, set(rows.roles()), today)
    since = min(rows.since() or today, today)
    register = Register(draft, state, at, start_of(since), iter(await new_ids(session, _most(rows))))
    plan_frameworks(register, rows.frameworks)
    plan_powers(register, rows.powers)
    plan_grants(register, rows.grants)
    plan_exclusions(register, rows.exclusions)
    plan_replacements(register, rows.replacements)

    async def tell(session: AsyncSession, by: Actor, at: datetime) -> None:
        """Entries name the fingerprints, which the database makes when it writes the versions."""
        ids = register.touched_grants
        links = {row.id: row.link for row in await session.execute(_LINKS, {"ids": ids})}
        notes = [_note(verb, grant, number, spans, links[grant]) for verb, grant, number, spans in verbs(register)]
        await record_many(session, notes, by=by)

    draft.afterwards.append(tell)
    return draft


async def plan_budgets(session: AsyncSession, tables: Mapping[str, Table], *, today: date) -> Draft:
    draft = Draft(today)
    rows = read_rows(tables, draft.errors)
    await lock_register(session)
    names = await load_names(session, set(rows.roles()), today)
    await plan_budget_rows(session, draft, names, rows.budgets)
    return draft


def _note(verb: str, grant: UUID, number: str, timeline: Moments, link: str) -> Note:
    fields = timeline[-1].fields
    about = [("grant", grant)]
    kind, _, holder = fields["holder"].partition(":")
    if kind in ("rol", "persoon"):
        about.append(("role" if kind == "rol" else "person", UUID(holder)))
    facts = {"number": number, "link": link, "from": timeline[0].start.isoformat()}
    facts |= {name: fields[name] for name in _FACTS}
    facts |= {name: fields[name].isoformat() for name in _DAYS if fields[name]}
    return Note(verb, tuple(about), facts, {name: fields[name] for name in _TEXTS if fields[name]}, accountable=True)


def _most(rows: Rows) -> int:
    """How many ids the rows could need."""
    bases = sum(len(row.given.get("bases", ())) for row in rows.powers)
    around = len(rows.frameworks) + len(rows.exclusions) + len(rows.replacements)
    return len(rows.powers) + bases + len(rows.grants) + around

"""Short words for the tests of governance: one act each, in a transaction of its own, as one of the world's people."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import text

from teams.governance.actions.objections import (
    confirm_objection,
    examine_objection,
    integrate_objection,
    raise_objection,
    withdraw_objection,
)
from teams.governance.actions.proposals import (
    call_meeting,
    close_due,
    draft_proposal,
    new_version,
    submit_proposal,
    withdraw_proposal,
)
from teams.governance.actions.responses import respond
from teams.governance.forms import CriteriaForm, IntegrationForm, ObjectionForm, ProposalForm, ResponseForm, VersionForm
from teams.governance.models import Criterion
from teams.kit.clock import now
from teams.kit.db import Database
from teams.kit.errors import Refusal
from tests.conftest import Place
from tests.world import START, World, add_role, fill

LIGHT = "besluitvorm:licht:5"
YES = {"criteria": [{"criterium": one, "ja": True, "tekst": "Omdat."} for one in Criterion]}
NO = {"criteria": [{"criterium": one, "ja": one is not Criterion.CAUSED} for one in Criterion]}


def new_role(name: str = "Egelwacht") -> dict[str, Any]:
    return {"soort": "rol_nieuw", "naam": name, "doel": f"Het doel van {name}."}


def renamed(role: UUID, purpose: str = "Een nieuw doel.") -> dict[str, Any]:
    return {"soort": "rol_wijzigen", "rolId": str(role), "doel": purpose}


async def bigger(world: World, owner: asyncpg.Connection) -> None:
    """Groen gets two members more: sef is its facilitator, cato the Zaaier. Members: aya, bram, cato, sef."""
    for short, name, core, who in (
        ("facilitator", "Begeleider", "begeleider", "sef"),
        ("zaai", "Zaaier", None, "cato"),
    ):
        world.roles[short] = await add_role(owner, world.teams["groen"], name, core=core)
        await fill(owner, world.roles[short], world.people[who], 1)


async def policy(owner: asyncpg.Connection, team: UUID, kind: str = LIGHT) -> UUID:
    made: UUID = await owner.fetchval("insert into policy (team_id) values ($1) returning id", team)
    await owner.execute(
        "insert into policy_version (policy_id, kind, title, text, valid) values ($1, $2, 'Besluiten', 'Zo.', daterange($3, null))",
        made, kind, START,
    )  # fmt: skip
    return made


async def act(db: Database, world: World, verb: Callable[..., Awaitable[Any]], who: str, *args: Any) -> Any:
    async with db.begin() as session:
        return await verb(session, *args, by=world.actor(who), at=await now(session))


async def draft(
    db: Database, world: World, *changes: dict[str, Any], who: str = "aya", role: str = "boom", team: str = "groen"
) -> Any:
    form = ProposalForm.model_validate({
        "teamId": world.teams[team], "rolId": world.roles[role], "spanning": "Egels steken over.",
        "voorbeeld": "Gisteren nog.", "wijzigingen": list(changes) or [new_role()],
    })  # fmt: skip
    return await act(db, world, draft_proposal, who, form)


async def submit(db: Database, world: World, proposal: UUID, who: str = "aya") -> Any:
    return await act(db, world, submit_proposal, who, proposal)


async def submitted(db: Database, world: World, *changes: dict[str, Any], **more: Any) -> Any:
    made = await draft(db, world, *changes, **more)
    return await submit(db, world, made.id, more.get("who", "aya"))


async def version(db: Database, world: World, proposal: UUID, *changes: dict[str, Any], who: str = "aya") -> Any:
    return await act(db, world, new_version, who, proposal, VersionForm.model_validate({"wijzigingen": list(changes)}))


async def consent(db: Database, world: World, who: str, proposal: UUID, version: int = 1) -> Any:
    return await act(db, world, respond, who, proposal, ResponseForm(versie=version, reactie="consent"))


async def ask(db: Database, world: World, who: str, proposal: UUID, version: int = 1) -> Any:
    return await act(db, world, respond, who, proposal, ResponseForm(versie=version, reactie="vraag", tekst="Waarom?"))


async def object_(db: Database, world: World, who: str, proposal: UUID, version: int = 1, **more: Any) -> Any:
    form = ObjectionForm(versie=version, tekst="Dit schaadt de egels.", **more)
    return await act(db, world, raise_objection, who, proposal, form)


async def examine(db: Database, world: World, who: str, objection: UUID, **answers: Any) -> Any:
    return await act(db, world, examine_objection, who, objection, CriteriaForm.model_validate(answers))


async def integrate(db: Database, world: World, who: str, objection: UUID, *changes: dict[str, Any]) -> Any:
    form = IntegrationForm.model_validate({"tekst": "Met een tunnel.", "wijzigingen": list(changes)})
    return await act(db, world, integrate_objection, who, objection, form)


async def confirm(db: Database, world: World, who: str, objection: UUID) -> Any:
    return await act(db, world, confirm_objection, who, objection)


async def drop(db: Database, world: World, who: str, objection: UUID) -> Any:
    return await act(db, world, withdraw_objection, who, objection)


async def withdraw(db: Database, world: World, proposal: UUID, who: str = "aya") -> Any:
    return await act(db, world, withdraw_proposal, who, proposal)


async def meet(db: Database, world: World, who: str, proposal: UUID) -> Any:
    return await act(db, world, call_meeting, who, proposal)


async def close(db: Database) -> int:
    async with db.begin() as session:
        return await close_due(session, at=await now(session))


async def state(owner: asyncpg.Connection, proposal: UUID) -> tuple[str, int]:
    row = await owner.fetchrow("select state, version from proposal where id = $1", proposal)
    return row["state"], row["version"]


async def pass_time(place: Place, days: int) -> None:
    """The calendar moves: every round began, ends and lapses that much earlier."""
    boss = await asyncpg.connect(place.url("postgres"))
    await boss.execute("set session_replication_role = replica")
    gone = timedelta(days=days)
    await boss.execute(
        "update proposal_round set opened_at = opened_at - $1::interval, due_at = due_at - $1::interval, lapses_at = lapses_at - $1::interval",
        gone,
    )
    await boss.execute("update proposal_extension set due_at = due_at - $1::interval, at = at - $1::interval", gone)
    await boss.close()


async def refused(doing: Awaitable[Any], *codes: str, kind: type[Refusal] = Refusal) -> Refusal:
    """Refused with exactly these reasons, in full sentences, with a next step."""
    try:
        await doing
    except kind as refusal:
        assert [reason.code for reason in refusal.reasons] == list(codes), refusal
        assert all("{" not in reason.text.format(**reason.values) for reason in refusal.reasons)
        assert refusal.then, "a refusal names the next step"
        return refusal
    raise AssertionError("not refused")


async def purpose(owner: asyncpg.Connection, role: UUID) -> str | None:
    found: str | None = await owner.fetchval(
        "select purpose from role_version where role_id = $1 and upper_inf(recorded) and valid @> (now() at time zone 'Europe/Amsterdam')::date",
        role,
    )
    return found


async def sql(db: Database, statement: str, **given: Any) -> Any:
    """As the app itself, past every action."""
    async with db.begin() as session:
        return await session.execute(text(statement), given)

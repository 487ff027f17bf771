"""A grant from draft to withdrawal: enter, change, decide, publish, withdraw (M01-M08, M13, M17)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.batch import Batch, new_ids
from teams.journal.models import Actor
from teams.kit.clock import day_of, start_of
from teams.kit.errors import Conflict, Invalid, NextStep, Reason
from teams.kit.history import Span
from teams.kit.text import N_
from teams.mandates.actions.authority import lock_register, may_change
from teams.mandates.actions.versions import (
    LINKS,
    Known,
    change_all,
    checked,
    columns_of,
    ids_of,
    known_grant,
    write_grants,
)
from teams.mandates.forms import BekendmakingForm, BesluitForm, InstemmingForm, IntrekkingForm, MandaatForm
from teams.mandates.models import GrantEntity, GrantVersion

_NUMBER = text(
    """
    select 'M' || lpad(cast(coalesce(max(cast(substr(number, 2) as int)), 0) + 1 as text), 4, '0')
    from power_grant where number ~ '^M[0-9]{1,8}$'
    """
)


async def draft_grant(session: AsyncSession, form: MandaatForm, *, by: Actor, at: datetime) -> str:
    """A new draft, or every reason why it may not be stored; returns its number."""
    await lock_register(session)
    number = form.nummer or await session.scalar(_NUMBER)
    assert number is not None
    if await ids_of(session, [number]):
        raise Invalid({"nummer": Reason("nummer", N_("Dit nummer is al gebruikt. Kies een ander."))})
    fields = await columns_of(session, form)
    await may_change(session, fields["grantors"], every=False, by=by, at=at)
    start, end = form.period()
    await checked(session, number, fields, start, end, at=at)
    (grant_id,) = await new_ids(session, 1)
    batch = Batch()
    batch.entities[GrantEntity].append({"id": grant_id, "number": number})
    one = Known(grant_id, number, [Span({**fields, "grant_id": grant_id}, start, end)])
    batch.rewrite(GrantVersion, [], one.timeline)
    await write_grants(session, batch, "grant.drafted", [one], by=by)
    return number


async def change_draft(
    session: AsyncSession, number: str, form: MandaatForm, *, version: str, by: Actor, at: datetime
) -> None:
    """Other contents for a draft. `version`: the fingerprint that was read; a decided grant is not changed but replaced by another."""
    await lock_register(session)
    grant = await known_grant(session, number)
    if not grant.drafted:
        raise _wrong_moment(N_("{number} is al besloten. Trek het in en geef een nieuw mandaat."), number)
    await may_change(session, grant.at(at)["grantors"], every=False, by=by, at=at)
    links = {row.link for row in await session.execute(LINKS, {"ids": [grant.id]})}
    if f"{number}@{version}" not in links:
        raise Conflict(
            Reason("verouderd", N_("Iemand anders veranderde dit mandaat intussen.")),
            then=(NextStep(N_("Kijk wat er nu staat en doe het dan nog eens.")),),
        )
    fields = await columns_of(session, form)
    await may_change(session, fields["grantors"], every=False, by=by, at=at)
    start, end = form.period()
    await checked(session, number, fields, start, end, at=at)
    batch = Batch()
    new = Known(grant.id, number, [Span({**fields, "grant_id": grant.id}, start, end)])
    if batch.rewrite(GrantVersion, grant.timeline, new.timeline):
        await write_grants(session, batch, "grant.changed", [new], by=by)


async def decide_grant(session: AsyncSession, number: str, form: BesluitForm, *, by: Actor, at: datetime) -> None:
    """The draft becomes a decision of its grantors (Awb 10:5)."""
    await lock_register(session)
    grant = await known_grant(session, number)
    await may_change(session, grant.at(at)["grantors"], every=True, by=by, at=at)
    await decide_all(session, [grant], form, by=by, at=at)


async def decide_all(session: AsyncSession, grants: list[Known], form: BesluitForm, *, by: Actor, at: datetime) -> None:
    decided = _not_later(form.beslotenOp, "beslotenOp", at)
    for grant in grants:
        if not grant.drafted:
            raise _wrong_moment(N_("{number} is geen concept meer."), grant.number)
    await change_all(session, "grant.decided", grants, {"decided_on": decided, "decision": form.besluit}, by=by, at=at)


async def publish_grant(session: AsyncSession, number: str, form: BekendmakingForm, *, by: Actor, at: datetime) -> None:
    """From the day of publication a general grant works (M13; Awb 3:42)."""
    await lock_register(session)
    grant = await known_grant(session, number)
    await may_change(session, grant.at(at)["grantors"], every=True, by=by, at=at)
    await publish_all(session, [grant], form, by=by, at=at)


async def publish_all(
    session: AsyncSession, grants: list[Known], form: BekendmakingForm, *, by: Actor, at: datetime
) -> None:
    published = _not_later(form.bekendgemaaktOp, "bekendgemaaktOp", at)
    for grant in grants:
        fields = grant.at(at)
        if fields["decided_on"] is None or fields["published_on"] is not None or fields["withdrawn_at"] is not None:
            raise _wrong_moment(N_("{number} kan nu niet worden bekendgemaakt."), grant.number)
    change = {"published_on": published, "publication": form.publicatie, "publication_uri": form.adres or ""}
    await change_all(session, "grant.published", grants, change, by=by, at=at)


async def consent_grant(session: AsyncSession, number: str, form: InstemmingForm, *, by: Actor, at: datetime) -> None:
    """M05: a holder from outside, and the employer, agreed."""
    await lock_register(session)
    grant = await known_grant(session, number)
    await may_change(session, grant.at(at)["grantors"], every=False, by=by, at=at)
    change: dict[str, Any] = {"consent_holder_on": _not_later(form.instemmingOntvangerOp, "instemmingOntvangerOp", at)}
    if form.instemmingWerkgeverOp is not None:
        change["consent_employer_on"] = _not_later(form.instemmingWerkgeverOp, "instemmingWerkgeverOp", at)
    await change_all(session, "grant.consented", [grant], change, by=by, at=at)


async def withdraw_grant(session: AsyncSession, number: str, form: IntrekkingForm, *, by: Actor, at: datetime) -> None:
    """M17: from this moment the grant and all that hangs below it ends; decisions of before stay valid (Awb 10:8)."""
    await lock_register(session)
    grant = await known_grant(session, number)
    await may_change(session, grant.at(at)["grantors"], every=False, by=by, at=at)
    day = form.ingetrokkenOp
    await withdraw_all(
        session, [grant], at if day in (None, day_of(at)) else start_of(day or day_of(at)), form.besluit, by=by, at=at
    )


async def withdraw_all(
    session: AsyncSession, grants: list[Known], moment: datetime, decision: str, *, by: Actor, at: datetime
) -> None:
    for grant in grants:
        fields = grant.at(at)
        if fields["withdrawn_at"] is not None:
            raise _wrong_moment(N_("{number} is al ingetrokken."), grant.number)
        if fields["decided_on"] is not None and moment < fields["decided_on"]:
            raise Invalid(
                {"ingetrokkenOp": Reason("ingetrokkenOp", N_("Intrekken kan niet voor de dag van het besluit."))}
            )
    change = {"withdrawn_at": moment, "withdrawal": decision}
    await change_all(session, "grant.withdrawn", grants, change, by=by, at=at, check=False)


def _not_later(day: date, field: str, at: datetime) -> datetime:
    if day > day_of(at):
        raise Invalid({field: Reason(field, N_("Deze dag moet nog komen. Leg het vast als het zover is."))})
    return start_of(day)


def _wrong_moment(sentence: str, number: str) -> Conflict:
    return Conflict(
        Reason("verkeerd_moment", sentence, {"number": number}),
        then=(NextStep(N_("Bekijk het mandaat."), f"/mandaten/{number}"),),
    )

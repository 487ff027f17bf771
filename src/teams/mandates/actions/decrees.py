"""A mandaatbesluit: drafted grants and withdrawals bundled for the organ, then decided and published as one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import Actor, Note, record
from teams.kit.clock import start_of
from teams.kit.errors import Conflict, Invalid, NextStep, NotFound, Reason
from teams.kit.text import N_
from teams.mandates.actions.authority import lock_register, may_change
from teams.mandates.actions.grants import decide_all, publish_all, withdraw_all
from teams.mandates.actions.versions import Known, known_grants
from teams.mandates.forms import BekendmakingForm, BesluitForm, MandaatbesluitForm
from teams.mandates.models import Decree, DecreeItem
from teams.structure.models import Organ

_ITEMS = text(
    """
    select i.act, g.number from decree_item i join power_grant g on g.id = i.grant_id
    where i.decree_id = :decree order by g.number
    """
)
_LOOSEN = text("delete from decree_item where decree_id = :decree and grant_id = :grant")
_BUNDLED = text(
    """
    select g.number from decree_item i join decree d on d.id = i.decree_id join power_grant g on g.id = i.grant_id
    where d.state = 'voorgenomen' and i.grant_id = any(:ids) order by g.number
    """
)


async def make_decree(session: AsyncSession, form: MandaatbesluitForm, *, by: Actor, at: datetime) -> Decree:
    """Bundle drafts and withdrawals into one proposal to the organ that gives them (voorgenomen)."""
    await lock_register(session)
    organ = (await session.scalars(select(Organ).where(Organ.code == form.orgaan))).one_or_none()
    if organ is None:
        raise Invalid({"orgaan": Reason("orgaan", N_("Dit orgaan kennen we niet."))})
    await may_change(session, [f"orgaan:{organ.code}"], every=False, by=by, at=at)
    given, gone = await known_grants(session, form.geeft), await known_grants(session, form.trektIn)
    reasons = [*_not_of(organ.code, [*given, *gone], at), *await _elsewhere(session, [*given, *gone])]
    reasons += [_not_a_draft(grant) for grant in given if not grant.drafted]
    if reasons:
        raise Conflict(*reasons, then=(NextStep(N_("Bekijk het register."), "/mandaten"),))
    decree = Decree(organ_id=organ.id, title=form.titel, text=form.tekst, made_by=by.person_id)
    session.add(decree)
    await session.flush()  # the database gives id and number
    await session.refresh(decree)
    session.add_all(
        DecreeItem(decree_id=decree.id, grant_id=grant.id, act=act)
        for act, grants in (("geeft", given), ("trekt_in", gone))
        for grant in grants
    )
    await session.flush()  # the items stand before the entry that names them
    await _record(session, "decree.made", decree, [*given, *gone], by=by)
    return decree


async def change_decree(
    session: AsyncSession, number: int, form: MandaatbesluitForm, *, by: Actor, at: datetime
) -> Decree:
    """Other words or other grants, as long as the organ has not decided. The organ itself stays."""
    decree, given, gone = await _decree(session, number, "voorgenomen", every=False, by=by, at=at)
    organ = (await session.scalars(select(Organ).where(Organ.id == decree.organ_id))).one()
    if form.orgaan != organ.code:
        raise Invalid({"orgaan": Reason("orgaan", N_("Een mandaatbesluit blijft van hetzelfde orgaan."))})
    now_given, now_gone = await known_grants(session, form.geeft), await known_grants(session, form.trektIn)
    had = {(grant.id, act) for act, grants in (("geeft", given), ("trekt_in", gone)) for grant in grants}
    want = {
        (grant.id, act): grant for act, grants in (("geeft", now_given), ("trekt_in", now_gone)) for grant in grants
    }
    fresh = [grant for key, grant in want.items() if key not in had]
    new = [grant for grant in fresh if grant.id not in {id_ for id_, _ in had}]
    reasons = [*_not_of(organ.code, fresh, at), *await _elsewhere(session, new)]
    reasons += [_not_a_draft(grant) for grant in now_given if not grant.drafted]
    if reasons:
        raise Conflict(*reasons, then=(NextStep(N_("Bekijk het register."), "/mandaten"),))
    for grant_id, _ in had - set(want):
        await session.execute(_LOOSEN, {"decree": decree.id, "grant": grant_id})
    session.add_all(DecreeItem(decree_id=decree.id, grant_id=key[0], act=key[1]) for key in want if key not in had)
    decree.title, decree.text = form.titel, form.tekst
    return await _changed(session, "decree.changed", decree, [*now_given, *now_gone], by=by)


async def drop_decree(session: AsyncSession, number: int, *, by: Actor, at: datetime) -> Decree:
    """It does not go to the organ; its grants stay drafts."""
    decree, given, gone = await _decree(session, number, "voorgenomen", every=False, by=by, at=at)
    decree.state = "vervallen"
    return await _changed(session, "decree.dropped", decree, [*given, *gone], by=by)


async def decide_decree(session: AsyncSession, number: int, form: BesluitForm, *, by: Actor, at: datetime) -> Decree:
    """The organ decided: what was drafted becomes besloten, and what it withdraws ends on that day."""
    decree, given, gone = await _decree(session, number, "voorgenomen", by=by, at=at)
    await decide_all(session, given, form, by=by, at=at)
    await withdraw_all(session, gone, start_of(form.beslotenOp), form.besluit, by=by, at=at)
    decree.state, decree.decided_on, decree.decision = "besloten", start_of(form.beslotenOp), form.besluit
    return await _changed(session, "decree.decided", decree, [*given, *gone], by=by)


async def publish_decree(
    session: AsyncSession, number: int, form: BekendmakingForm, *, by: Actor, at: datetime
) -> Decree:
    """From the day of publication the general grants in it work (M13)."""
    decree, given, _ = await _decree(session, number, "besloten", by=by, at=at)
    still = [grant for grant in given if grant.at(at)["withdrawn_at"] is None]
    await publish_all(session, still, form, by=by, at=at)
    decree.state, decree.published_on = "bekendgemaakt", start_of(form.bekendgemaaktOp)
    decree.publication, decree.publication_uri = form.publicatie, form.adres or ""
    return await _changed(session, "decree.published", decree, still, by=by)


async def _decree(
    session: AsyncSession, number: int, state: str, *, every: bool = True, by: Actor, at: datetime
) -> tuple[Decree, list[Known], list[Known]]:
    await lock_register(session)
    decree = (await session.scalars(select(Decree).where(Decree.number == number).with_for_update())).one_or_none()
    if decree is None:
        raise NotFound(Reason("onbekend", N_("Dit mandaatbesluit bestaat niet.")))
    code = await session.scalar(select(Organ.code).where(Organ.id == decree.organ_id))
    await may_change(session, [f"orgaan:{code}"], every=every, by=by, at=at)
    if decree.state != state:
        raise Conflict(
            Reason(
                "verkeerd_moment", N_("Dit mandaatbesluit is {state}. Deze stap kan nu niet."), {"state": decree.state}
            )
        )
    rows = (await session.execute(_ITEMS, {"decree": decree.id})).all()
    given = await known_grants(session, [row.number for row in rows if row.act == "geeft"])
    return decree, given, await known_grants(session, [row.number for row in rows if row.act == "trekt_in"])


async def _elsewhere(session: AsyncSession, grants: list[Known]) -> list[Reason]:
    numbers = await session.scalars(_BUNDLED, {"ids": [grant.id for grant in grants]})
    sentence = N_("{number} staat al in een ander mandaatbesluit.")
    return [Reason("verkeerd_moment", sentence, {"number": number}) for number in numbers]


def _not_of(organ: str, grants: list[Known], at: datetime) -> list[Reason]:
    """M03: an organ decides only about what it gives itself."""
    wrong = [grant.number for grant in grants if f"orgaan:{organ}" not in grant.at(at)["grantors"]]
    return [Reason("M03", N_("{number} komt niet van dit orgaan."), {"number": number}) for number in wrong]


def _not_a_draft(grant: Known) -> Reason:
    return Reason("verkeerd_moment", N_("{number} is geen concept meer."), {"number": grant.number})


async def _changed(session: AsyncSession, verb: str, decree: Decree, grants: list[Known], *, by: Actor) -> Decree:
    decree.version += 1
    await session.flush()  # so that the database's own guards speak now
    await _record(session, verb, decree, grants, by=by)
    return decree


async def _record(session: AsyncSession, verb: str, decree: Decree, grants: list[Known], *, by: Actor) -> None:
    about: tuple[tuple[str, UUID], ...] = (("decree", decree.id), ("organ", decree.organ_id))
    facts = {"decree": decree.number, "grants": [grant.number for grant in grants]}
    texts = {"title": decree.title} | {
        k: v for k, v in (("decision", decree.decision), ("publication", decree.publication)) if v
    }
    await record(session, Note(verb, about, facts, texts, accountable=True), by=by)

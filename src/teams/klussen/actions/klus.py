"""Posting a klus and changing it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import Actor, Note, record
from teams.kit.clock import day_of
from teams.kit.errors import Conflict, Invalid, NextStep, NotAllowed, Reason
from teams.kit.text import N_
from teams.klussen.actions.line import promote
from teams.klussen.actions.lots import fix_seed
from teams.klussen.actions.settle import hold
from teams.klussen.forms import KlusForm
from teams.klussen.models import ENDED, Klus, KlusState, Way
from teams.klussen.queries import KlusSeen, klus_for, organ_of, posting_roles
from teams.structure.named import names_of_teams

_SKILLS = text(
    """
    with wanted as (select distinct on (plain(w)) w from unnest(cast(:names as text[])) w order by plain(w), w),
    made as (
        insert into skill (name) select w from wanted
        where not exists (select from skill_name s where s.name = plain(w)) on conflict do nothing returning id
    )
    insert into klus_skill (klus_id, skill_id)
    select cast(:klus as uuid), id from made union
    select cast(:klus as uuid), s.id from skill_name s join wanted on s.name = plain(w) on conflict do nothing
    """
)
_RENUMBER = text(
    """
    with misplaced as (
        select id, row_number() over (order by seat) as n from claim where klus_id = :klus and seat > :places
    ), free as (
        select s as seat, row_number() over (order by s) as n from generate_series(1, cast(:places as int)) s
        where not exists (select from claim c where c.klus_id = :klus and c.seat = s)
    )
    update claim c set seat = free.seat from misplaced m join free using (n) where c.id = m.id
    """
)
_ANYONE = text("select exists (select from claim where klus_id = :klus and ended_at is null)")
_TERMS = ("hours_min", "hours_max", "hours_total", "starts", "ends")


async def post_klus(session: AsyncSession, form: KlusForm, *, by: Actor, at: datetime) -> Klus:
    """A new klus as draft (R19: no review step): from an own role, by a core role for its team, by the secretary, or by an
    officeholder for the organ, in the team that is to do it."""
    role = await _role_to_post_from(session, form, by=by, at=at)
    organ = await organ_of(session, by, at=at) if role is None else None
    assert by.person_id is not None
    _not_in_the_past(form, at=at)
    klus = Klus(
        state=KlusState.DRAFT, posted_by=by.person_id, role_id=role, organ_id=organ, published_at=None, **_columns(form)
    )
    session.add(klus)
    await session.flush()  # the database gives id and number
    await session.refresh(klus)
    await session.execute(_SKILLS, {"klus": klus.id, "names": form.vaardigheden})
    await note_klus(session, "klus.posted", klus, by=by)
    return klus


async def change_klus(
    session: AsyncSession, klus_id: UUID, form: KlusForm, *, version: int, by: Actor, at: datetime
) -> Klus:
    """Change a klus that has not ended. R8: never fewer places than are held; new hours or dates ask each claimant again."""
    klus = await managed_klus(session, klus_id, by=by, at=at)
    fresh(klus, version)
    if klus.state in ENDED:
        raise wrong_state(klus)
    if form.teamId != klus.team_id:
        raise Invalid({"teamId": Reason("teamId", N_("Een klus blijft bij het team dat haar plaatste."))})
    if klus.state == KlusState.RUNNING and form.van > day_of(at):
        raise Invalid({"van": Reason("van", N_("Deze klus loopt al. De eerste dag kan niet in de toekomst liggen."))})
    if form.plaatsen < klus.taken:
        raise Conflict(
            Reason("R8", N_("Er doen al {taken} mensen mee. Kies {taken} plekken of meer."), {"taken": klus.taken}),
            then=(NextStep(N_("Overleg met wie meedoet; wie stopt, geeft zijn plek terug."), f"/klussen/{klus.id}"),),
        )
    if form.plaatsen < klus.places:
        await session.execute(_RENUMBER, {"klus": klus.id, "places": form.plaatsen})
    before = {name: getattr(klus, name) for name in (*_TERMS, "places", "title", "apply_until", "way")}
    for name, value in _columns(form).items():
        setattr(klus, name, value)
    if form.wijze != before["way"] and await session.scalar(_ANYONE, {"klus": klus.id}):
        raise Conflict(
            Reason("R17", N_("Er staan al mensen op deze klus. De manier van verdelen blijft zoals die is.")),
            then=(NextStep(N_("Plaats een nieuwe klus."), "/klussen/nieuw"),),
        )
    if form.rolId not in (None, klus.role_id):
        klus.role_id = await _role_to_post_from(session, form, by=by, at=at)
    if any(before[name] != getattr(klus, name) for name in _TERMS):
        klus.terms += 1
    klus.version += 1
    await session.flush()  # so that the database's own guards speak now
    await session.execute(text("delete from klus_skill where klus_id = :klus"), {"klus": klus.id})
    await session.execute(_SKILLS, {"klus": klus.id, "names": form.vaardigheden})
    changed = [name for name, value in before.items() if value != getattr(klus, name)]
    await note_klus(session, "klus.changed", klus, by=by, changed=changed, places=klus.places)
    if klus.way == Way.LOTS and klus.state != KlusState.DRAFT:
        await fix_seed(session, klus.id)
    if klus.places > before["places"]:
        await promote(session, klus, at=at, by=by)
        await session.refresh(klus)
    return klus


def fresh(klus: Klus, version: int) -> None:
    """A form made of an older version is refused; what was typed stays with the face."""
    if klus.version != version:
        raise Conflict(
            Reason("verouderd", N_("Iemand anders heeft deze klus net veranderd.")),
            then=(NextStep(N_("Bekijk de klus zoals die nu is."), f"/klussen/{klus.id}"),),
        )


def wrong_state(klus: Klus | KlusSeen) -> Conflict:
    return Conflict(
        Reason("verkeerd_moment", N_("Dat kan nu niet: de klus is {state}."), {"state": KlusState(klus.state)}),
        then=(NextStep(N_("Bekijk de klus zoals die nu is."), f"/klussen/{klus.id}"),),
    )


async def managed_klus(session: AsyncSession, klus_id: UUID, *, by: Actor, at: datetime, full: bool = False) -> Klus:
    """The klus locked, what is due done, for who manages it; `full`: not for a co-owner, who was only asked to help."""
    seen = await klus_for(session, klus_id, by, at=at)
    if not (seen.full if full else seen.may_manage):
        raise NotAllowed(
            Reason(
                "geen_recht", N_("Deze klus beheert {role} van {team}."), {"role": seen.role or "", "team": seen.team}
            ),
            then=(NextStep(N_("Vraag het aan wie de klus plaatste."), f"/klussen/{klus_id}"),),
        )
    return await hold(session, klus_id, at=at)


async def _role_to_post_from(session: AsyncSession, form: KlusForm, *, by: Actor, at: datetime) -> UUID | None:
    roles: list[Row[Any]] = await posting_roles(session, by, at=at)
    here = [role for role in roles if role.team_id == form.teamId]
    if form.rolId is None and here:
        own: UUID = here[0].role_id
        return own
    if form.rolId is None and by.has("secretaris", "bestuurder"):
        if not await names_of_teams(session, [form.teamId], at):
            raise Invalid({"teamId": Reason("teamId", N_("Dit team is er niet. Kies een team dat er nu is."))})
        return None
    if any(role.role_id == form.rolId for role in here):
        return form.rolId
    raise NotAllowed(
        Reason("geen_recht", N_("Je plaatst een klus vanuit een rol die je zelf vervult in dit team.")),
        then=(NextStep(N_("Vraag iemand met een rol in dit team om de klus te plaatsen."), f"/teams/{form.teamId}"),),
    )


def _not_in_the_past(form: KlusForm, *, at: datetime) -> None:
    last = form.tot or (form.van if form.urenTotaal is not None else None)
    if last is not None and last < day_of(at):
        field = "tot" if form.tot else "van"
        raise Invalid({field: Reason(field, N_("Deze dag is al voorbij. Kies vandaag of later."))})


def _columns(form: KlusForm) -> dict[str, Any]:
    return {
        "title": form.titel,
        "description": form.omschrijving or "",
        "kind": form.soort,
        "way": form.wijze,
        "team_id": form.teamId,
        "places": form.plaatsen,
        "starts": form.van,
        "ends": form.tot,
        "apply_until": form.aanmeldenTot,
        "origin": form.herkomst,
        "origin_reference": form.herkomstKenmerk or "",
        "powers": form.bevoegdheden,
        **form.hours(),
    }


async def note_klus(
    session: AsyncSession, verb: str, klus: Klus, *, by: Actor, texts: dict[str, str] | None = None, **facts: Any
) -> None:
    subjects: tuple[tuple[str, UUID], ...] = (("klus", klus.id), ("team", klus.team_id))
    if by.person_id is not None:
        subjects = (*subjects, ("person", by.person_id))
    note = Note(verb, subjects, {"number": klus.number, **facts}, texts or {}, acting_role=klus.role_id)
    await record(session, note, by=by)

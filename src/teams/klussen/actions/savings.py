"""The savings ledger (klussen 3.5): the baseline fixed when posting, savings booked on facts, settled by the controller."""

from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import Actor, Note, record
from teams.kit.errors import Conflict, Invalid, NextStep, NotAllowed, NotFound, Reason
from teams.kit.text import N_, Line, OptionalNote
from teams.klussen.actions.klus import managed_klus
from teams.klussen.forms import Day, Form
from teams.klussen.models import Klus, KlusState
from teams.klussen.savings import End, Gap, Saving, end_of_chain, hired, structural, vacant

Cents = Annotated[int, Field(ge=1, le=100_000_000_00)]
_GAPS = text("select klus_id, kind, next_id from vacancy_gap")
_FILLED = text("select klus_id, filled_from from vacancy_stage where stage = 'vervuld'")
_GONE = text("select klus_id from vacancy_stage where stage = 'formatie_vervallen'")
_BASELINE = text("select hired, rate_cents from klus_baseline where klus_id = :klus")
_FIX = text(
    "insert into klus_baseline (klus_id, hired, rate_cents, quote, made_by) values (:klus, :hired, :rate, :quote, :by) on conflict do nothing returning klus_id"
)
_HOURS = text(
    """
    select coalesce(sum(b.tenths), 0)::int from hours_booking b join claim c on c.id = b.claim_id
    join hours_week w on w.klus_id = c.klus_id and w.monday = date_trunc('week', b.day)::date
    where c.klus_id = :klus and b.day between :starts and :ends
    """
)
_BOOK = text(
    """
    insert into saving (type, klus_id, place_id, tenths, rate_cents, cover_cents, cents, starts, ends, ground, made_by)
    values (:type, :klus, :place, :tenths, :rate, :cover, :cents, :starts, :ends, :ground, :by) returning id, number
    """
)
_SETTLE = text(
    """
    update saving set state = :to, settled_by = :by, settled_at = now(), reason = :reason, version = version + 1
    where id = :id and state = 'verwacht' and made_by is distinct from :by returning klus_id, number
    """
)
_ONE = text("select state, made_by, klus_id from saving where id = :id")


class BaselineForm(Form):
    """What the work would have cost otherwise: cents an hour, and the offer or contract that says so."""

    ingehuurd: bool
    tarief: Annotated[int, Field(ge=1, le=1_000_000_00)] | None = None
    bron: OptionalNote = None


class SavingForm(Form):
    """`norm`: cents a year for a full-time place; `uren`: tenths a week of the place; `vervanging`: cents, an hour for hiring."""

    soort: Saving
    van: Day
    tot: Day | None = None
    norm: Cents | None = None
    uren: Annotated[int, Field(ge=1, le=600)] | None = None
    vervanging: Annotated[int, Field(ge=0, le=100_000_000_00)] = 0
    bedrag: Cents | None = None
    grond: Line


async def fix_baseline(session: AsyncSession, klus_id: UUID, form: BaselineForm, *, by: Actor, at: datetime) -> None:
    """Once, before the klus is published: never afterwards, when it is known what the work brought."""
    klus = await managed_klus(session, klus_id, by=by, at=at)
    if klus.state not in (KlusState.DRAFT, KlusState.REVIEWED) or klus.published_at is not None:
        raise Conflict(
            Reason("verkeerd_moment", N_("Dit leg je vast vóór je de klus plaatst, niet erna.")), then=(_look(klus_id),)
        )
    if form.ingehuurd != (form.tarief is not None):
        raise Invalid(
            {"tarief": Reason("tarief", N_("Vul het uurtarief in als je anders had ingehuurd, en anders niet."))}
        )
    given = {
        "klus": klus_id,
        "hired": form.ingehuurd,
        "rate": form.tarief,
        "quote": form.bron or "",
        "by": by.person_id,
    }
    if (await session.execute(_FIX, given)).first() is None:
        raise Conflict(Reason("verkeerd_moment", N_("Dit ligt al vast.")), then=(_look(klus_id),))
    facts = {"hired": form.ingehuurd, "rate": form.tarief}
    await record(
        session,
        Note("saving.baseline_fixed", _about(klus), facts, {"quote": form.bron} if form.bron else {}, accountable=True),
        by=by,
    )


async def book_saving(session: AsyncSession, klus_id: UUID, form: SavingForm, *, by: Actor, at: datetime) -> int:
    """An expected saving on facts; returns its number. Never at the first move of a chain, never twice for the same months."""
    klus = await managed_klus(session, klus_id, by=by, at=at)
    values = await _amount(session, klus, form)
    if values["cents"] < 1:
        raise Conflict(Reason("geen_besparing", N_("Hier blijft geen besparing over.")), then=(_look(klus_id),))
    row = {
        "type": form.soort.value, "klus": klus.id, "place": klus.id, "tenths": None, "rate": None, "cover": form.vervanging,
        "starts": form.van, "ends": form.tot, "ground": form.grond, "by": by.person_id, **values,
    }  # fmt: skip
    try:
        async with session.begin_nested():
            made = (await session.execute(_BOOK, row)).one()
    except IntegrityError as error:
        if "ex_saving" not in str(error):
            raise
        raise Conflict(
            Reason("dubbel", N_("Voor deze plek is in deze maanden al een besparing geboekt.")), then=(NextStep(N_("Bekijk de besparingen."), "/mobiliteit/besparingen"),)
        ) from None  # fmt: skip
    facts = {"saving": str(made.id), "number": made.number, "type": form.soort.value, "cents": row["cents"]}
    await record(session, Note("saving.booked", _about(klus), facts, {"ground": form.grond}, accountable=True), by=by)
    return int(made.number)


async def settle_saving(
    session: AsyncSession, saving_id: UUID, *, confirms: bool, reason: str, by: Actor, at: datetime
) -> None:
    """The controller confirms or lets lapse what somebody else booked; once."""
    row = (await session.execute(_ONE, {"id": saving_id})).one_or_none()
    if row is None:
        raise NotFound(Reason("onbekend", N_("Deze boeking bestaat niet.")))
    if not by.has("controller"):
        raise NotAllowed(Reason("geen_recht", N_("Dit doet alleen de concerncontroller.")))
    if row.made_by == by.person_id:
        raise NotAllowed(Reason("eigen_aanvraag", N_("Je boekte dit zelf. Een ander bevestigt het.")))
    if not confirms and not reason:
        raise Invalid({"reden": Reason("reden", N_("Schrijf op waarom deze besparing vervalt."))})
    to = "bevestigd" if confirms else "vervallen"
    found = (
        await session.execute(_SETTLE, {"id": saving_id, "to": to, "by": by.person_id, "reason": reason})
    ).one_or_none()
    if found is None:
        raise Conflict(Reason("verkeerd_moment", N_("Deze boeking is al afgehandeld.")))
    note = Note("saving.settled", (("klus", found.klus_id),), {"saving": str(saving_id), "number": found.number, "state": to}, {"reason": reason} if reason else {}, accountable=True)  # fmt: skip
    await record(session, note, by=by)


async def _amount(session: AsyncSession, klus: Klus, form: SavingForm) -> dict[str, Any]:
    if form.soort is Saving.PLACE and form.tot is not None:
        raise Invalid({"tot": Reason("tot", N_("Formatie vervalt vanaf een dag, zonder einde."))})
    if form.soort is not Saving.PLACE and (form.tot is None or form.tot < form.van):
        raise Invalid({"tot": Reason("tot", N_("Vul de laatste dag in."))})
    match form.soort:
        case Saving.HIRED:
            return await _hired(session, klus, form)
        case Saving.RECRUITING:
            end, _ = await _chain(session, klus.id)
            if end.state not in ("vervalt", "geen") or form.bedrag is None:
                raise (
                    _not_yet(klus.id)
                    if form.bedrag
                    else Invalid({"bedrag": Reason("bedrag", N_("Vul het bedrag in."))})
                )
            return {"cents": form.bedrag}
        case _:
            return await _place(session, klus, form)


async def _place(session: AsyncSession, klus: Klus, form: SavingForm) -> dict[str, Any]:
    """Types 1 and 2 concern the place at the root of the chain; type 1 exists only where the chain ends in a place that goes."""
    end, root = await _chain(session, klus.id)
    if form.norm is None or form.uren is None:
        raise Invalid(
            {"norm": Reason("norm", N_("Vul in wat een voltijdplaats per jaar kost, en de uren van deze plek."))}
        )
    if form.soort is Saving.PLACE:
        if end.state != "vervalt":
            raise _not_yet(klus.id)
        return {
            "place": root,
            "tenths": form.uren,
            "rate": form.norm,
            "cover": 0,
            "cents": structural(form.uren, form.norm),
        }
    assert form.tot is not None
    if form.van.day != 1 or (form.tot + timedelta(days=1)).day != 1:
        raise Invalid({"van": Reason("van", N_("Reken in hele maanden: van de eerste tot en met de laatste dag."))})
    months = (form.tot.year - form.van.year) * 12 + form.tot.month - form.van.month + 1
    return {
        "place": root,
        "tenths": form.uren,
        "rate": form.norm,
        "cents": vacant(months, form.uren, form.norm, form.vervanging),
    }


async def _hired(session: AsyncSession, klus: Klus, form: SavingForm) -> dict[str, Any]:
    """Hours of weeks that were approved, times the rate that was fixed when posting."""
    fixed = (await session.execute(_BASELINE, {"klus": klus.id})).one_or_none()
    if fixed is None or not fixed.hired:
        raise Conflict(
            Reason("geen_nulmeting", N_("Bij het plaatsen is niet vastgelegd dat dit werk anders was ingehuurd. Dan is er geen besparing.")), then=(_look(klus.id),)
        )  # fmt: skip
    done = int(await session.scalar(_HOURS, {"klus": klus.id, "starts": form.van, "ends": form.tot}) or 0)
    if done <= 0:
        raise Conflict(
            Reason("geen_uren", N_("Er zijn in deze periode geen goedgekeurde uren.")), then=(_look(klus.id),)
        )
    return {"tenths": done, "rate": fixed.rate_cents, "cents": hired(done, fixed.rate_cents, form.vervanging)}


async def _chain(session: AsyncSession, klus_id: UUID) -> tuple[End, UUID]:
    """Where the chain of this vacancy stands, and the vacancy with which it began."""
    gaps = {row.klus_id: Gap(row.kind, row.next_id) for row in await session.execute(_GAPS)}
    filled = {row.klus_id: row.filled_from for row in await session.execute(_FILLED)}
    gone = set(await session.scalars(_GONE))
    before = {gap.next: klus for klus, gap in gaps.items() if gap.next}
    root, seen = klus_id, set[UUID]()
    while root in before and root not in seen:
        seen.add(root)
        root = before[root]
    return end_of_chain(klus_id, gaps, filled, gone), root


def _not_yet(klus_id: UUID) -> Conflict:
    return Conflict(
        Reason("keten", N_("De keten van deze vacature eindigt nog niet in een plek die vervalt. Wie van binnen komt, laat elders een plek open.")),
        then=(NextStep(N_("Zeg bij de vacature wat er met de oude plek gebeurt."), f"/klussen/{klus_id}/vacature"),),
    )  # fmt: skip


def _look(klus_id: UUID) -> NextStep:
    return NextStep(N_("Bekijk de klus."), f"/klussen/{klus_id}")


def _about(klus: Klus) -> tuple[tuple[str, UUID], ...]:
    return (("klus", klus.id), ("team", klus.team_id))

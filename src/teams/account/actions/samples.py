"""The sample: drawn by a signed head so that nobody chooses, judged one by one, closed by the controller's finding."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.account.forms import FindingForm, JudgeForm
from teams.account.periods import Period
from teams.account.rules import SAMPLE_SIZE, need
from teams.journal.models import Actor, Note, record
from teams.kit.clock import day_of
from teams.kit.errors import Conflict, NextStep, NotFound, Reason
from teams.kit.text import N_

_POPULATION = text(
    """
    select count(*) as all, count(*) filter (where l.seq is null) as unlogged, max(l.log) as log, max(l.seq) as seq
    from decision d left join lateral (select l.log, l.seq from leaf l where l.entry = d.entry_id order by l.log limit 1) l on true
    where d.decided_at >= :start and d.decided_at < :end
    """
)
# The first head after the period that covers every decision of it.
_HEAD = text(
    """
    select log, size, root, note from checkpoint where at >= :end and (log, size) > (:log, :seq) order by log, size limit 1
    """
)
# teams.account.rules.rank says the same in Python: SHA-256 of "root in hex", a colon, the number; the lowest 25.
_DRAW = text(
    """
    select d.id from decision d where d.decided_at >= :start and d.decided_at < :end
    order by sha256(convert_to(:root || ':' || d.number, 'UTF8')), d.number limit :size
    """
)
_SECRETARY = text(
    """
    select d.id from decision d where d.decided_at >= :start and d.decided_at < :end and (
        d.role_id in (select v.role_id from role_version v where v.office = 'gemeentesecretaris')
        or d.person_id in (select a.person_id from account a join account_right r on r.account_id = a.id and r."right" = 'secretaris'))
    order by d.number
    """
)
_MAKE = text(
    """
    insert into sample (period, head_size, head_root, head_note, population, drawn_by)
    values (:period, :size, :root, :note, :population, :by) on conflict (period) do nothing returning id
    """
)
_ITEM = text(
    "insert into sample_item (sample_id, position, decision_id, why) values (:sample, :position, :decision, :why)"
)
_LOCK = text(
    "select id, period, head_size, verdict, (select count(*) from sample_item i where i.sample_id = s.id) as items from sample s where id = :id for update"
)
_JUDGE = text(
    """
    update sample_item set verdict = :verdict, note = :note, judged_by = :by, judged_at = now()
    where sample_id = :sample and position = :position returning position
    """
)
_OPEN = text("select count(*) from sample_item where sample_id = :id and verdict is null")
_WRONG = text("select count(*) from sample_item where sample_id = :id and verdict = 'niet_in_orde'")
_FIND = text(
    """
    update sample set verdict = :verdict, finding = :finding, found_by = :by, found_at = now(), version = version + 1
    where id = :id
    """
)


async def draw_sample(session: AsyncSession, period: Period, *, by: Actor, at: datetime) -> UUID:
    """25 decisions of a period that is over, and all of the secretary's own; once for each period."""
    need(by, "controller")
    if at < period.end:
        raise Conflict(
            Reason(
                "verkeerd_moment",
                N_("Deze periode loopt nog. Trek de steekproef vanaf {day}."),
                {"day": day_of(period.end)},
            )
        )
    span = period.span()
    all_, unlogged, log, seq = (await session.execute(_POPULATION, span)).one()
    if not all_:
        raise Conflict(Reason("leeg", N_("In deze periode is geen besluit vastgelegd. Er is niets te trekken.")))
    head = None
    if not unlogged:
        head = (await session.execute(_HEAD, {**span, "log": log, "seq": seq})).one_or_none()
    if head is None:
        raise Conflict(
            Reason(
                "verkeerd_moment", N_("Nog niet elk besluit van deze periode staat onder een ondertekend controlepunt.")
            ),
            then=(NextStep(N_("Probeer het over een minuut opnieuw."), "/mandaatlogboek"),),
        )
    values = {
        "period": str(period),
        "size": head.size,
        "root": head.root,
        "note": head.note,
        "population": all_,
        "by": by.person_id,
    }
    made: UUID | None = await session.scalar(_MAKE, values)
    if made is None:
        raise Conflict(Reason("verkeerd_moment", N_("Van deze periode is er al een steekproef. Er komt geen tweede.")))
    lots = list(await session.scalars(_DRAW, {**span, "root": head.root.hex(), "size": SAMPLE_SIZE}))
    own = [one for one in await session.scalars(_SECRETARY, span) if one not in set(lots)]
    items = [*((one, "loting") for one in lots), *((one, "secretaris") for one in own)]
    await session.execute(
        _ITEM, [{"sample": made, "position": n, "decision": one, "why": why} for n, (one, why) in enumerate(items, 1)]
    )
    facts = {
        "soort": str(period),
        "hoofd": head.size,
        "aantal": len(items),
        "doc": f"sha256:{head.root.hex()}",
        "population": all_,
    }
    await record(session, Note("sample.drawn", (("sample", made),), facts, accountable=True), by=by)
    return made


async def judge(
    session: AsyncSession, sample: UUID, position: int, form: JudgeForm, *, by: Actor, at: datetime
) -> None:
    """What the controller found of one decision; may be changed until the finding stands."""
    need(by, "controller")
    await _open_sample(session, sample)
    values = {"sample": sample, "position": position, "verdict": form.oordeel, "note": form.notitie, "by": by.person_id}
    if await session.scalar(_JUDGE, values) is None:
        raise NotFound(Reason("onbekend", N_("Dit besluit zit niet in de steekproef.")))


async def find(session: AsyncSession, sample: UUID, form: FindingForm, *, by: Actor, at: datetime) -> None:
    """The finding closes the sample; every decision in it has been judged, and 'in order' fits what was judged."""
    need(by, "controller")
    row = await _open_sample(session, sample)
    left, wrong = await session.scalar(_OPEN, {"id": sample}), await session.scalar(_WRONG, {"id": sample})
    if left:
        raise Conflict(
            Reason("niet_af", N_("Beoordeel eerst alle besluiten. Er zijn er nog {left} te gaan."), {"left": left})
        )
    if wrong and form.oordeel == "in_orde":
        raise Conflict(
            Reason("niet_af", N_("Niet elk besluit is in orde. Kies ‘In orde, met punten’ of ‘Niet in orde’."))
        )
    await session.execute(_FIND, {"id": sample, "verdict": form.oordeel, "finding": form.bevinding, "by": by.person_id})
    facts = {"soort": row.period, "hoofd": row.head_size, "aantal": row.items, "uitkomst": form.oordeel, "wrong": wrong}
    await record(
        session,
        Note("sample.found", (("sample", sample),), facts, {"finding": form.bevinding}, accountable=True),
        by=by,
    )


async def _open_sample(session: AsyncSession, sample: UUID) -> Row[Any]:
    row = (await session.execute(_LOCK, {"id": sample})).one_or_none()
    if row is None:
        raise NotFound(Reason("onbekend", N_("Deze steekproef bestaat niet.")))
    if row.verdict is not None:
        raise Conflict(Reason("verkeerd_moment", N_("De bevinding staat vast. De steekproef verandert niet meer.")))
    return row

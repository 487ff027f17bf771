"""The access review: who may what, frozen, marked where it should change, signed by the secretary, checked by the controller."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.account.forms import FindingForm, MarkForm, SignForm
from teams.account.periods import Period, reviewable
from teams.account.rules import canonical, digest, need, refused
from teams.journal.models import Actor, Note, record
from teams.kit.clock import day_of
from teams.kit.errors import Conflict, Invalid, NextStep, NotFound, Reason
from teams.kit.text import N_

_MAKE = text(
    """
    insert into access_review (kind, period, known, content, digest, lines, made_by)
    values (:kind, :period, :known, :content, :digest, :lines, :by) on conflict (kind, period) do nothing returning id
    """
)
_LOCK = text(
    "select id, number, kind, period, digest, lines, signed_by, checked_by from access_review where id = :id for update"
)
_MARK = text(
    """
    insert into access_review_mark (review_id, line, verdict, note, marked_by) values (:review, :line, :verdict, :note, :by)
    on conflict do nothing returning line
    """
)
_SIGN = text("update access_review set remarks = :remarks, signed_by = :by, signed_at = now() where id = :id")
_CHECK = text("update access_review set finding = :finding, checked_by = :by, checked_at = now() where id = :id")
_MARKS = text("select count(*) from access_review_mark where review_id = :id")


async def make_review(
    session: AsyncSession, period: Period, content: dict[str, Any], *, by: Actor, at: datetime
) -> UUID:
    """Freeze `content` (reports.access.who_may_what). One review a period."""
    need(by, "secretaris", "controller")
    if period not in reviewable(day_of(at)):
        raise Invalid(
            {"periode": Reason("periode", N_("Kies dit jaar, dit kwartaal of een van de drie kwartalen ervoor."))}
        )
    written = canonical(content)
    values = {
        "kind": "kwartaal" if period.quarter else "jaar", "period": str(period), "known": at, "content": written,
        "digest": digest(written), "lines": len(content["mandaten"]), "by": by.person_id,
    }  # fmt: skip
    made: UUID | None = await session.scalar(_MAKE, values)
    if made is None:
        raise Conflict(
            Reason("verkeerd_moment", N_("Van deze periode is er al een toegangscontrole.")),
            then=(NextStep(N_("Bekijk de toegangscontroles."), "/toegang"),),
        )
    return made


async def mark_line(session: AsyncSession, review: UUID, form: MarkForm, *, by: Actor, at: datetime) -> None:
    """One line that should not stay as it is."""
    need(by, "secretaris", "controller")
    row = await _review(session, review)
    _still(row, signed=False)
    if not 1 <= form.regel <= row.lines:
        raise Invalid({"regel": Reason("regel", N_("Kies een regel uit de lijst."))})
    values = {
        "review": review,
        "line": form.regel,
        "verdict": form.oordeel,
        "note": form.toelichting,
        "by": by.person_id,
    }
    if await session.scalar(_MARK, values) is None:
        raise Conflict(Reason("verkeerd_moment", N_("Bij deze regel staat al een opmerking.")))


async def sign_review(session: AsyncSession, review: UUID, form: SignForm, *, by: Actor, at: datetime) -> None:
    """The secretary puts her name under it."""
    need(by, "secretaris")
    row = await _review(session, review)
    _still(row, signed=False)
    await session.execute(_SIGN, {"id": review, "remarks": form.opmerkingen or "", "by": by.person_id})
    await _note(session, "access.signed", row, {"remarks": form.opmerkingen or ""}, by)


async def check_review(session: AsyncSession, review: UUID, form: FindingForm, *, by: Actor, at: datetime) -> None:
    """The controller looks at what the secretary signed; never the same person."""
    need(by, "controller")
    row = await _review(session, review)
    _still(row, signed=True)
    if row.signed_by == by.person_id:
        raise refused(N_("Je kijkt niet na wat je zelf ondertekende."), "eigen_aanvraag")
    await session.execute(_CHECK, {"id": review, "finding": form.bevinding, "by": by.person_id})
    await _note(session, "access.checked", row, {"finding": form.bevinding}, by, uitkomst=form.oordeel)


async def _note(
    session: AsyncSession, verb: str, row: Row[Any], texts: dict[str, str], by: Actor, **facts: str
) -> None:
    marks = await session.scalar(_MARKS, {"id": row.id})
    held = {
        "soort": f"toegang.{row.kind}",
        "period": row.period,
        "aantal": row.lines,
        "marks": marks,
        "doc": row.digest,
    }
    await record(session, Note(verb, (("review", row.id),), held | facts, texts, accountable=True), by=by)


async def _review(session: AsyncSession, review: UUID) -> Row[Any]:
    row = (await session.execute(_LOCK, {"id": review})).one_or_none()
    if row is None:
        raise NotFound(Reason("onbekend", N_("Deze toegangscontrole bestaat niet.")))
    return row


def _still(row: Row[Any], *, signed: bool) -> None:
    if signed and row.signed_by is None:
        raise Conflict(Reason("verkeerd_moment", N_("De secretaris heeft deze controle nog niet ondertekend.")))
    if not signed and row.signed_by is not None:
        raise Conflict(Reason("verkeerd_moment", N_("Deze controle is ondertekend en verandert niet meer.")))
    if signed and row.checked_by is not None:
        raise Conflict(Reason("verkeerd_moment", N_("Deze controle is al nagekeken.")))

"""The life of an account: concept, the controller's finding, determined by the college, to the council, questions answered; each step an entry."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.account.forms import AnswerForm, DetermineForm, FindingForm, QuestionForm
from teams.account.periods import Period, period_of
from teams.account.rules import canonical, digest, need, refused
from teams.journal.models import Actor, Note, record
from teams.kit.clock import day_of
from teams.kit.errors import Conflict, Invalid, NextStep, NotFound, Reason
from teams.kit.text import N_

_MAKE = text("insert into board_account (period) values (:period) on conflict (period) do nothing")
_BY_PERIOD = text("select id, period, state, version from board_account where period = :period for update")
_VERSION = text(
    """
    insert into board_account_version (account_id, version, known, figures, words, digest, made_by)
    values (:id, :version, :known, :figures, :words, :digest, :by)
    """
)
_LAST = text("select digest, known from board_account_version where account_id = :id and version = :version")
_STEP = text(
    """
    insert into board_account_step (account_id, version, step, text, decision, day, by)
    values (:id, :version, :step, :text, :decision, :day, :by) on conflict (account_id, version, step) do nothing returning id
    """
)
_MOVE = text("update board_account set state = :step, version = :version where id = :id")
_COLLEGE = text(
    """
    select exists (select from organ_member m join organ o on o.id = m.organ_id and o.code = 'college' where m.person_id = :person
        and upper_inf(m.recorded) and range_contains_elem(m.valid, cast(:today as date)))
    """
)
_ASK = text(
    """
    insert into board_question (account_id, kind, text, behalf, asked_by, asked_account, due)
    values (:id, :kind, :text, :behalf, :by, :account, :due)
    returning id, number
    """
)
_QUESTION = text(
    "select q.id, q.number, q.account_id, q.kind, q.answered_at, a.period from board_question q join board_account a on a.id = q.account_id where q.id = :id for update of q"
)
_ANSWER = text("update board_question set answer = :answer, answered_by = :by, answered_at = now() where id = :id")
_UNANSWERED = text("select count(*) from board_question where account_id = :id and answered_at is null")


async def draft_account(
    session: AsyncSession,
    period: Period,
    figures: dict[str, Any],
    words: dict[str, Any],
    *,
    known: datetime,
    by: Actor,
    at: datetime,
) -> int:
    """Freeze a version: `figures` (reports.accountability) and the secretary's words. A new one voids an earlier finding."""
    need(by, "secretaris")
    if period.start > at:
        raise Conflict(Reason("verkeerd_moment", N_("Deze periode is nog niet begonnen.")))
    await session.execute(_MAKE, {"period": str(period)})
    row = (await session.execute(_BY_PERIOD, {"period": str(period)})).one()
    if row.state not in ("concept", "bevinding"):
        raise _wrong_moment(N_("Het college heeft dit verslag vastgesteld. Het verandert niet meer."), period)
    last = (await session.execute(_LAST, {"id": row.id, "version": row.version})).one_or_none()
    version: int = row.version + 1 if last is not None else row.version
    held, said = canonical(figures), canonical(words)
    values = {
        "id": row.id, "version": version, "known": known, "figures": held, "words": said, "digest": digest(held, said), "by": by.person_id,
    }  # fmt: skip
    await session.execute(_VERSION, values)
    await _step(session, row, "concept", "report.drafted", by=by, version=version)
    return version


async def find_account(session: AsyncSession, period: str, form: FindingForm, *, by: Actor, at: datetime) -> None:
    """The controller's finding on the version as it stands; never by who wrote it."""
    need(by, "controller")
    row = await _account(
        session, period, "concept", N_("De bevinding hoort bij een concept. Dit verslag is al verder.")
    )
    if by.has("secretaris"):
        raise refused(N_("Wie het verslag schrijft, doet er geen bevinding over."), "eigen_aanvraag")
    await _step(session, row, "bevinding", "report.found", by=by, text=form.bevinding, soort=form.oordeel)


async def determine_account(
    session: AsyncSession, period: str, form: DetermineForm, *, by: Actor, at: datetime
) -> None:
    """By a member of the college, with its decision and response."""
    if not await is_college(session, by, at):
        raise refused(N_("Alleen een lid van het college legt vast dat het college dit vaststelde."))
    row = await _account(
        session, period, "bevinding", N_("Het college stelt vast na de bevinding van de controller, en één keer.")
    )
    if form.dag > day_of(at):
        raise Invalid({"dag": Reason("dag", N_("Het college kan dit niet in de toekomst hebben besloten."))})
    await _step(
        session, row, "vastgesteld", "report.determined", by=by, text=form.reactie, decision=form.besluit, day=form.dag
    )


async def send_account(session: AsyncSession, period: str, *, by: Actor, at: datetime) -> None:
    """To the council; from here on council and public read it."""
    need(by, "secretaris")
    row = await _account(
        session,
        period,
        "vastgesteld",
        N_("Naar de raad gaat een verslag dat het college heeft vastgesteld, en één keer."),
    )
    await _step(session, row, "naar_raad", "report.sent", by=by)


async def ask_question(session: AsyncSession, period: str, form: QuestionForm, *, by: Actor, at: datetime) -> UUID:
    """A question of the council, or a promise by a member of the college, with a term."""
    if form.soort == "vraag":
        if not by.has("raad") or by.has("beheer"):
            raise refused(N_("Vragen stelt wie leest voor de raad."))
    elif not await is_college(session, by, at):
        raise refused(N_("Een toezegging doet een lid van het college."))
    row = await _account(session, period, "naar_raad", N_("Vragen stel je over een verslag dat bij de raad ligt."))
    if form.termijn < day_of(at):
        raise Invalid({"termijn": Reason("termijn", N_("Kies een dag die nog komt."))})
    values = {
        "id": row.id,
        "kind": form.soort,
        "text": form.tekst,
        "behalf": form.namens,
        "by": by.person_id,
        "account": by.account_id,
        "due": form.termijn,
    }
    made = (await session.execute(_ASK, values)).one()
    facts = {"uitkomst": form.soort, "number": made.number, "soort": row.period, "tot": form.termijn.isoformat()}
    await record(
        session,
        Note("report.asked", (("board_account", row.id),), facts, {"question": form.tekst}, accountable=True),
        by=by,
    )
    found: UUID = made.id
    return found


async def answer_question(session: AsyncSession, question: UUID, form: AnswerForm, *, by: Actor, at: datetime) -> str:
    """By a member of the college; the period of the account comes back."""
    if not await is_college(session, by, at):
        raise refused(N_("Vragen van de raad beantwoordt een lid van het college."))
    row = (await session.execute(_QUESTION, {"id": question})).one_or_none()
    if row is None:
        raise NotFound(Reason("onbekend", N_("Deze vraag bestaat niet.")))
    if row.answered_at is not None:
        raise Conflict(Reason("verkeerd_moment", N_("Deze vraag is al beantwoord.")))
    await session.execute(_ANSWER, {"id": question, "answer": form.antwoord, "by": by.person_id})
    facts = {"uitkomst": "beantwoord", "number": row.number, "soort": row.period}
    await record(
        session,
        Note(
            "report.answered", (("board_account", row.account_id),), facts, {"answer": form.antwoord}, accountable=True
        ),
        by=by,
    )
    return str(row.period)


async def close_account(session: AsyncSession, period: str, *, by: Actor, at: datetime) -> None:
    """All questions are answered."""
    need(by, "secretaris")
    row = await _account(session, period, "naar_raad", N_("Afronden kan als het verslag bij de raad ligt."))
    left = await session.scalar(_UNANSWERED, {"id": row.id})
    if left:
        raise Conflict(Reason("verkeerd_moment", N_("Er zijn nog {left} vragen of toezeggingen open."), {"left": left}))
    await _step(session, row, "beantwoord", "report.closed", by=by)


async def is_college(session: AsyncSession, by: Actor, at: datetime) -> bool:
    """A member of the college today, and no administrator of the system."""
    if by.person_id is None or by.has("beheer"):
        return False
    return bool(await session.scalar(_COLLEGE, {"person": by.person_id, "today": day_of(at)}))


async def _account(session: AsyncSession, period: str, state: str, otherwise: str) -> Row[Any]:
    row = (await session.execute(_BY_PERIOD, {"period": period})).one_or_none()
    if row is None:
        raise NotFound(Reason("onbekend", N_("Over deze periode is er nog geen verslag.")))
    if row.state != state:
        raise _wrong_moment(otherwise, period_of(row.period))
    return row


async def _step(
    session: AsyncSession, row: Row[Any], step: str, verb: str, *, by: Actor, version: int | None = None, text: str = "",
    decision: str = "", day: Any = None, soort: str = "",
) -> None:  # fmt: skip
    number = version or row.version
    values = {
        "id": row.id,
        "version": number,
        "step": step,
        "text": text,
        "decision": decision,
        "day": day,
        "by": by.person_id,
    }
    if await session.scalar(_STEP, values) is None:
        raise _wrong_moment(N_("Deze stap is al gezet."), period_of(row.period))
    await session.execute(_MOVE, {"id": row.id, "step": step, "version": number})
    frozen = (await session.execute(_LAST, {"id": row.id, "version": number})).one()
    period = period_of(row.period)
    facts = {
        "uitkomst": step, "soort": soort or row.period, "doc": frozen.digest, "van": period.first.isoformat(), "tot": period.last.isoformat(),
        "version": number, "period": row.period,
    }  # fmt: skip
    texts = {name: value for name, value in (("text", text), ("decision", decision)) if value}
    await record(session, Note(verb, (("board_account", row.id),), facts, texts, accountable=True), by=by)


def _wrong_moment(sentence: str, period: Period) -> Conflict:
    return Conflict(
        Reason("verkeerd_moment", sentence), then=(NextStep(N_("Bekijk het verslag."), f"/verantwoording/{period}"),)
    )

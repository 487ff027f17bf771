"""The account in Zandermeer: lists from outside beside the log, and two quarters that went their way to the council."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.account.actions.accounts import (
    answer_question,
    ask_question,
    close_account,
    determine_account,
    draft_account,
    find_account,
    send_account,
)
from teams.account.actions.checklists import Post, explain, lay_beside
from teams.account.forms import AnswerForm, DetermineForm, ExplainForm, FindingForm, QuestionForm
from teams.account.periods import Period, quarter_of
from teams.journal.models import SYSTEM, Actor
from teams.kit.clock import now
from teams.kit.db import Database
from teams.reports.accountability import figures_of

_PEOPLE = text(
    """
    select split_part(a.email, '@', 1) as name, a.id, a.person_id, array(select r."right" from account_right r where r.account_id = a.id) as rights
    from account a where a.email like '%@zandermeer.example'
    """
)
_COLLEGE = text(
    """
    select m.person_id from organ_member m join organ o on o.id = m.organ_id and o.code = 'college' where upper_inf(m.recorded)
        and m.valid @> (now() at time zone 'Europe/Amsterdam')::date order by m.person_id = :likes desc, m.person_id limit 1
    """
)
_TAKEN = text(
    """
    select number, cents, counterparty, case_number, (decided_at at time zone 'Europe/Amsterdam')::date as day, act from decision
    where decided_at >= :start and decided_at < :end and not confidential and cents > 0 order by number limit 400
    """
)
_OPEN = text("select id from checklist_item where state = 'open' order by number")
MISSING = (
    ("contract", "INK-88121", 1_480_000, "Adviesbureau Ravel"), ("contract", "INK-88347", 390_000, "Schildersbedrijf Oosterwold"),
    ("betaling", "BET-40218", 212_550, "Verhuurbedrijf Van Loo"), ("betaling", "BET-41006", 96_000, "Cateraar De Smulhoek"),
    ("betaling", "BET-41377", 1_210_000, "Adviesbureau Ravel"), ("betaling", "BET-42240", 74_995, "Boekhandel Het Anker"),
    ("zaak", "Z-26-90871", None, ""),
)  # fmt: skip
"""Seven posts that no decision in the log belongs to."""


async def seed_account(owner_url: str, today: date) -> int:
    """Through the same actions as everybody's; how many posts have no entry."""
    database = Database(owner_url, pool=1)
    last = quarter_of(today).before
    try:
        async with database.begin() as session:
            at = await now(session)
            people = {row.name: row for row in await session.execute(_PEOPLE)}
            if not {"secretaris", "controller", "griffie", "wethouder"} <= people.keys():
                return 0
            actors = {
                name: Actor(row.person_id, name, frozenset(row.rights), row.id, origin="demo")
                for name, row in people.items()
            }
            member = await session.scalar(_COLLEGE, {"likes": actors["wethouder"].person_id})
            college = Actor(member, "college", frozenset({"bestuurder"}), None, origin="demo")
            await _lists(session, last, actors, at=at)
            await _quarter(session, last.before, today, actors, college, at=at, answered=True)
            await _quarter(session, last, today, actors, college, at=at, answered=False)
            return len(MISSING)
    finally:
        await database.close()


async def _lists(session: AsyncSession, period: Period, actors: dict[str, Actor], *, at: datetime) -> None:
    rows = (await session.execute(_TAKEN, period.span())).all()
    posts = [
        Post("contract" if row.act == "privaatrecht" else "betaling", f"{'INK' if row.act == 'privaatrecht' else 'BET'}-{30_000 + n}",
             min(row.day + timedelta(days=3), period.last), row.cents, row.counterparty or "", row.case_number or "", row.number)
        for n, row in enumerate(rows)
    ]  # fmt: skip
    posts += [
        Post(kind, reference, period.first + timedelta(days=9 * n + 5), cents, party)
        for n, (kind, reference, cents, party) in enumerate(MISSING)
    ]
    await lay_beside(session, posts, file="toetslijst.csv", digest="sha256:" + "0" * 63 + "1", by=SYSTEM, at=at)
    left = list(await session.scalars(_OPEN))
    for item, reason, words in zip(
        left, ("zonder_besluit", "fout_in_lijst", "niet_vastleggen"),
        ("Er is mondeling opdracht gegeven. Het college bekrachtigt.", "De order is nooit verstuurd.", "Kleine aanschaf onder de grens."),
        strict=False,
    ):  # fmt: skip
        await explain(session, item, ExplainForm(reden=reason, toelichting=words), by=actors["secretaris"], at=at)


async def _quarter(
    session: AsyncSession, period: Period, today: date, actors: dict[str, Actor], college: Actor, *, at: datetime, answered: bool
) -> None:  # fmt: skip
    secretary, controller, council = actors["secretaris"], actors["controller"], actors["griffie"]
    words: dict[str, Any] = {
        "inleiding": "Bijna alle besluiten vielen binnen het mandaat. Waar het misging, is het hersteld of in onderzoek.",
        "bezwaren": "",
        "verandert": {
            "boven_grens": "Voorstel aan het college: een hogere grens voor spoedwerk.",
            "gesplitst": "‘Mag ik dit?’ telt eerdere opdrachten aan dezelfde partij mee.",
            "verlopen": "Bericht zes weken en één week voordat een mandaat afloopt.",
        },
    }
    await draft_account(session, period, await figures_of(session, period, at), words, known=at, by=secretary, at=at)
    finding = FindingForm(oordeel="met_punten", bevinding="Het beeld klopt. Zoek de posten zonder logboekregel uit.")
    await find_account(session, str(period), finding, by=controller, at=at)
    day = min(period.last + timedelta(days=40), today)
    form = DetermineForm(
        dag=day, besluit=f"B&W {day.year}-{day.timetuple().tm_yday}", reactie="Het college neemt de bevinding over."
    )
    await determine_account(session, str(period), form, by=college, at=at)
    await send_account(session, str(period), by=secretary, at=at)
    due = at.date() + timedelta(days=21)
    asked = ["Waarom kreeg Adviesbureau Ravel twee opdrachten?"] if answered else [
        "Waarom staan er betalingen niet in het logboek?", "Wanneer is de hogere grens voor spoedwerk er?",
    ]  # fmt: skip
    questions = [
        await ask_question(
            session,
            str(period),
            QuestionForm(namens="Fractie Ruim Baan", tekst=question, termijn=due),
            by=council,
            at=at,
        )
        for question in asked
    ]
    if answered:
        await answer_question(
            session,
            questions[0],
            AnswerForm(antwoord="De tweede was een ander werk, na een nieuwe offerte."),
            by=college,
            at=at,
        )
        await close_account(session, str(period), by=secretary, at=at)

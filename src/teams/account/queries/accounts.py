"""Accounts as each may read them: secretary, controller and college from the concept on, council and public once they were sent."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import Actor
from teams.kit.errors import NextStep, NotFound, Reason
from teams.kit.text import N_

SENT = ("naar_raad", "beantwoord")
_LIST = text(
    """
    select a.period, a.state, a.version, v.known, v.digest,
        (select count(*) from board_question q where q.account_id = a.id and q.answered_at is null) as open
    from board_account a join board_account_version v on v.account_id = a.id and v.version = a.version
    where :all or a.state in ('naar_raad','beantwoord') order by a.period desc limit 60
    """
)
_ONE = text(
    """
    select a.id, a.period, a.state, a.version, v.known, v.figures, v.words, v.digest, v.at, p.name as maker
    from board_account a join board_account_version v on v.account_id = a.id and v.version = a.version join person p on p.id = v.made_by
    where a.period = :period and (:all or a.state in ('naar_raad','beantwoord'))
    """
)
_STEPS = text(
    """
    select s.step, s.version, s.text, s.decision, s.day, s.at, p.name from board_account_step s join person p on p.id = s.by
    where s.account_id = :id and s.version = :version order by s.id
    """
)
_QUESTIONS = text(
    """
    select q.id, q.number, q.kind, q.text, q.behalf, q.asked_at, q.due, q.answer, q.answered_at, coalesce(a.name, c.email) as asker, w.name as answerer
    from board_question q left join person a on a.id = q.asked_by left join account c on c.id = q.asked_account left join person w on w.id = q.answered_by
    where q.account_id = :id order by q.number
    """
)


@dataclass(frozen=True)
class AccountSeen:
    """One account: the frozen figures and words of its version, its steps by name, its questions and promises."""

    row: Row[Any]
    figures: dict[str, Any]
    words: dict[str, Any]
    steps: dict[str, Row[Any]]
    questions: list[Row[Any]]

    @property
    def open_questions(self) -> int:
        return sum(question.answered_at is None for question in self.questions)


def reads_all(by: Actor) -> bool:
    return by.has("secretaris", "controller", "bestuurder")


async def accounts(session: AsyncSession, *, everything: bool) -> list[Row[Any]]:
    return list((await session.execute(_LIST, {"all": everything})).all())


async def account_for(session: AsyncSession, period: str, *, everything: bool) -> AccountSeen:
    row = (await session.execute(_ONE, {"period": period, "all": everything})).one_or_none()
    if row is None:
        raise NotFound(
            Reason("onbekend", N_("Over deze periode is er nog geen verslag.")),
            then=(
                NextStep(N_("Bekijk alle verslagen."), "/verantwoording" if everything else "/openbaar/verantwoording"),
            ),
        )
    steps = {step.step: step for step in (await session.execute(_STEPS, {"id": row.id, "version": row.version})).all()}
    questions = list((await session.execute(_QUESTIONS, {"id": row.id})).all())
    return AccountSeen(row, json.loads(row.figures), json.loads(row.words), steps, questions)

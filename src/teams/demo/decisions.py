"""Two years of decisions in Zandermeer: each one answered by the engine as it was then, and a few that an audit must find."""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import text

from teams.decisions.actions.row import decision_values, texts_of
from teams.decisions.forms import DecisionForm
from teams.decisions.models import Source
from teams.decisions.queries.known import Weighed
from teams.demo.zandermeer import besluiten as words
from teams.kit.clock import AMSTERDAM
from teams.kit.db import Database
from teams.mandates.engine import judged_answer
from teams.mandates.facts import Earlier, Facts, Filling, Grant
from teams.mandates.queries.facts import facts_of_powers
from teams.mandates.question import Question
from teams.mandates.rules.base import Verdict
from teams.mandates.terms import ConditionKind, PartyKind

DAYS = 730
APPOINTMENT = "HRM-01"
_JSON = ("chains", "rules", "question", "answer")
JOURNAL = ("id", "at", "actor", "acting_role", "verb", "accountable", "facts")


@dataclass(frozen=True)
class Post:
    """Someone in a role that holds a grant for a power."""

    grant: Grant
    role: str
    filling: Filling


@dataclass
class Made:
    """A decision before it has its number."""

    at: datetime
    values: dict[str, Any]
    weighed: Weighed
    id: UUID
    entry: UUID
    flag: str = ""


@dataclass
class Rows:
    """Everything that is copied into the tables at the end, in the order of time."""

    journal: list[tuple[Any, ...]] = field(default_factory=list)
    subjects: list[tuple[UUID, str, UUID]] = field(default_factory=list)
    texts: list[tuple[UUID, str, bytes, str]] = field(default_factory=list)

    def tell(
        self, at: datetime, entry: UUID, verb: str, about: dict[str, UUID | None], facts: dict[str, Any],
        sealed: dict[str, str | None], *, by: UUID, role: UUID | None = None,
    ) -> UUID:  # fmt: skip
        self.journal.append((entry, at, by, role, verb, True, json.dumps(facts, separators=(",", ":"), default=str)))
        self.subjects += [(entry, kind, found) for kind, found in about.items() if found is not None]
        self.texts += [(entry, name, secrets.token_bytes(32), value) for name, value in sealed.items() if value]
        return entry


class Town:
    """The register as the engine sees it, one power at a time, and the dice."""

    def __init__(self, today: date, facts: dict[str, Facts]) -> None:
        self.dice = Random(today.toordinal())
        self.today, self.facts = today, facts
        self.where, self.who, self.why = (words.lines(t) for t in (words.WAAR, words.WIE, words.REDEN))
        self.used: dict[tuple[str, str, int], list[Earlier]] = defaultdict(list)
        self.cases: dict[str, int] = defaultdict(int)

    def uuid(self, at: datetime) -> UUID:
        """Version 7 at a moment in the past, so that ids run with time."""
        stamp = int(at.timestamp() * 1000)
        return UUID(int=stamp << 80 | 7 << 76 | self.dice.getrandbits(12) << 64 | 2 << 62 | self.dice.getrandbits(62))

    def moment(self) -> datetime:
        """In office hours, on a working day, up to yesterday."""
        while True:
            day = self.today - timedelta(days=self.dice.randint(1, DAYS - 15))
            if day.weekday() < 5:
                minute = timedelta(minutes=self.dice.randint(0, 520), seconds=self.dice.randint(0, 59))
                return datetime.combine(day, datetime.min.time(), AMSTERDAM) + timedelta(hours=8, minutes=15) + minute

    def case(self, power: str, at: datetime) -> str:
        name = f"{at.year % 100}-{power.partition('-')[0]}-"
        self.cases[name] += 1
        return f"{name}{self.cases[name]:04d}"

    def posts(self, code: str) -> list[Post]:
        """Holders whose grants ask for nobody else's advice or confirmation; before an appointment they did consult."""
        facts, found = self.facts[code], []
        quiet = {ConditionKind.CONSULT, ConditionKind.FOUR_EYES, ConditionKind.TEXT}
        if code == APPOINTMENT:
            quiet.remove(ConditionKind.CONSULT)
        for grant in sorted(facts.grants, key=lambda grant: grant.number):
            if code not in grant.powers or any(c.kind in quiet for c in grant.conditions):
                continue
            roles = [r.id for r in facts.roles if r.id == grant.holder.id or (r.office and r.office == grant.holder.id)]
            found += [Post(grant, f.role, f) for f in facts.fillings if f.role in roles]
        names = {person.id: person.name for person in facts.people}
        return sorted(found, key=lambda post: (post.grant.number, names[post.filling.person], post.filling.valid.start))

    def question(self, code: str, post: Post, at: datetime, cents: int | None, **more: Any) -> Question:
        kinds = {c.kind: c for c in post.grant.conditions}
        people = sorted(self.facts[code].people, key=lambda person: person.name)
        reporter = next((p.id for p in people if p.id != post.filling.person), None)
        confirmed = frozenset(
            c.text for c in post.grant.conditions if c.kind in (ConditionKind.NO_DEVIATION, ConditionKind.CONSULT)
        )
        area, kind = kinds.get(ConditionKind.AREA), kinds.get(ConditionKind.CASE_TYPE)
        asks = self.facts[code].powers[0].asks
        return Question(
            code, at, at, post.filling.person, role=post.role, cents=cents, interest=False, sensitive=False,
            reporter=reporter if "rapporteur" in asks else None, area=area.target if area else None,
            case_type=kind.target if kind else None, hours=8, confirmed=confirmed,
            complained_of=reporter if code.startswith("KLA") else None, **more,
        )  # fmt: skip

    def weigh(self, q: Question) -> Weighed:
        facts = self.facts[q.power]
        earlier = tuple(self.used.get((q.power, q.counterparty or "", q.moment.year), ()))
        facts = replace(facts, earlier=earlier) if earlier else facts
        return Weighed(*judged_answer(facts, q), facts, q)

    def make(self, weighed: Weighed, subject: str, reason: str, **more: Any) -> Made:
        """The row of the decision; `more` replaces columns of those that an audit must find."""
        q = weighed.question
        flag, source = more.pop("flag", ""), more.pop("source", None)
        recording = weighed.judgement.parts[0].view.power.recording
        source = source or (Source.CASE_SYSTEM if recording == "uit_zaaksysteem" else Source.SCREEN)
        form = DecisionForm.model_construct(
            onderwerp=subject, motivering=reason, belangVerklaring=True, herkomst="intern", instructieReden=more.pop("why", None)
        )  # fmt: skip
        values = decision_values(weighed, form, at=q.moment, source=source, key=None, intent=None) | more
        if q.counterparty:
            earlier = Earlier(
                str(len(self.used)),
                q.power,
                q.cents or 0,
                q.moment,
                q.case,
                q.counterparty,
                frozenset(values["grants"]),
            )
            self.used[q.power, q.counterparty, q.moment.year].append(earlier)
        return Made(q.moment, values, weighed, self.uuid(q.moment), self.uuid(q.moment), flag)

    def amount(self, post: Post, low: int, high: int) -> int | None:
        """Whole euros or cents, more often small than large, never over the grant's own ceiling."""
        if not high:
            return None if post.grant.ceiling is None else 0
        advice = [c.cents for c in post.grant.conditions if c.kind is ConditionKind.ADVICE]
        top = min([high * 100, *([post.grant.ceiling] if post.grant.ceiling is not None else []), *advice])
        bottom = min(low * 100, top)
        cents = bottom + int((top - bottom) * self.dice.random() ** 2.5)
        return cents // 5000 * 5000 or cents if self.dice.random() < 0.6 else cents

    def party(self, code: str, post: Post, at: datetime, cents: int) -> str | None:
        """Another party with room left under the ceiling this year (M21)."""
        for name in self.dice.sample(self.who, 6):
            before = sum(row.cents for row in self.used.get((code, name, at.year), ()))
            if post.grant.ceiling is None or before + cents <= post.grant.ceiling:
                return name
        return None

    def decide(self, code: str, post: Post, low: int, high: int, subjects: list[str]) -> Made | None:
        """One ordinary decision, or None when the engine did not say yes then."""
        at, dice = self.moment(), self.dice
        if not post.filling.valid.holds(at):
            return None
        subject, cents = dice.choice(subjects) if subjects else "", self.amount(post, low, high)
        party = self.party(code, post, at, cents or 0) if "{p}" in subject or code.startswith("INK") else None
        if party is None and "{p}" in subject:
            return None
        weighed = self.weigh(self.question(code, post, at, cents, counterparty=party, case=self.case(code, at)))
        if weighed.answer.verdict is not Verdict.YES:
            return None
        return self.make(weighed, subject.format(w=dice.choice(self.where), p=party), dice.choice(self.why))


def ordinary(town: Town, many: int) -> list[Made]:
    """What the people of Zandermeer decided, each power as often as its weight says."""
    plans: list[tuple[int, str, list[Post], int, int, list[str]]] = []
    for line in words.TEKST.strip().split("\n"):
        code, often, amounts, phrases = (part.strip() for part in line.split("|"))
        lowest, highest = map(int, amounts.split())
        if code in town.facts and (posts := town.posts(code)):
            plans.append((int(often), code, posts, lowest, highest, words.lines(phrases)))
    total, made = sum(plan[0] for plan in plans), []
    for weight, code, posts, low, high, subjects in plans:
        wanted, tries = many * weight // total + 1, 0
        while wanted and tries < 12 * many * weight // total:
            tries += 1
            of_roles = [post for post in posts if post.grant.holder.kind is not PartyKind.OFFICE]
            chosen = of_roles if of_roles and town.dice.random() < 0.97 else posts
            if one := town.decide(code, town.dice.choice(chosen), low, high, subjects):
                made.append(one)
                wanted -= 1
    return made


async def read_facts(owner_url: str) -> dict[str, Facts]:
    """Per power everything that its questions rest on, as known now; periods tell what held when."""
    database = Database(owner_url, pool=1)
    try:
        async with database.begin() as session:
            codes = {line.partition("|")[0].strip() for line in words.TEKST.strip().split("\n")}
            now = await session.scalar(text("select now()"))
            return {code: await facts_of_powers(session, [code], now, now) for code in sorted(codes)}
    finally:
        await database.close()


def number(made: list[Made], rows: Rows) -> dict[int, int]:
    """Numbers in the order of time, gapless per year, with an entry for each. Returns the last of each year."""
    serials: dict[int, int] = defaultdict(int)
    for one in sorted(made, key=lambda one: (one.at, one.id)):
        values = one.values
        serials[values["year"]] += 1
        values["serial"] = serials[values["year"]]
        values["number"] = f"{values['year']}-{values['serial']:05d}"
        facts, sealed = texts_of(values, one.weighed)
        facts |= {"decision": str(one.id), "nummer": values["number"]}
        about = {"decision": one.id, "person": values["person_id"], "role": values["role_id"]}
        who = {"by": values["person_id"], "role": values["role_id"]}
        rows.tell(one.at, one.entry, "decision.taken", about, facts, sealed, **who)
    return dict(serials)


async def write(connection: asyncpg.Connection, made: list[Made], rows: Rows, serials: dict[int, int]) -> None:
    """Everything in a few copies."""
    columns = [name for name in made[0].values if name not in ("year_text", "number")]
    records = [
        (one.id, one.at, one.entry, *(json.dumps(one.values[c]) if c in _JSON else one.values[c] for c in columns))
        for one in sorted(made, key=lambda one: one.values["number"])
    ]
    rows.journal.sort(key=lambda row: (row[1], row[0]))
    for table, lines, names in (
        ("journal", rows.journal, JOURNAL),
        ("journal_subject", rows.subjects, ("entry", "kind", "id")),
        ("journal_text", rows.texts, ("entry", "field", "key", "value")),
        ("decision_counter", list(serials.items()), ("year", "last")),
        ("decision", records, ("id", "recorded_at", "entry_id", *columns)),
    ):
        await connection.copy_records_to_table(table, records=lines, columns=names)

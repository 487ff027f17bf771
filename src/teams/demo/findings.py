"""What an audit of Zandermeer must find, each exactly once, and what came after some decisions."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from teams.decisions.models import Source
from teams.demo.decisions import Made, Post, Rows, Town, number, ordinary, read_facts, write
from teams.kit.clock import AMSTERDAM
from teams.kit.db import plain_url
from teams.mandates.rules.base import Outcome, Verdict

_ACT = """
    insert into decision_act (id, decision_id, kind, person_id, about_id, field, old_value, new_value, ground, reason, organ,
        organ_decided_on, organ_decision, told_on, venue, effect, entry_id, at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
"""
_ASK = """
    insert into information_request (id, decision_id, asked_by, acting_as, asked_of, question, due, entry_id, at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
_REPLY = "insert into information_answer (request_id, person_id, answer, entry_id, at) values ($1, $2, $3, $4, $5)"
_ATTEMPT = """
    insert into attempt (power, person_id, role_id, verdict, codes, cents, entry_id, at)
    values ($1, $2, $3, $4, $5, $6, $7, $8)
"""
_BY_MAIL = "select split_part(email, '@', 1) as name, id from person where email like '%@zandermeer.example'"


class Findings:
    """Five decisions that were not in order, and the acts around them."""

    def __init__(self, town: Town, rows: Rows) -> None:
        self.town, self.rows = town, rows
        self.made: dict[str, Made] = {}
        self.todo: list[tuple[str, tuple[Any, ...]]] = []

    def day(self, back: int, hour: int = 10) -> datetime:
        day = self.town.today - timedelta(days=back)
        return datetime.combine(day, datetime.min.time(), AMSTERDAM) + timedelta(hours=hour, minutes=12)

    def post(self, code: str, number: str) -> Post:
        return next(post for post in self.town.posts(code) if post.grant.number == number)

    def decisions(self) -> list[Made]:
        """Came in from elsewhere, as the contract register or the case system had them."""
        self._over_ceiling()
        self._split()
        self._expired()
        self._against_instruction()
        return list(self.made.values())

    def _add(
        self, flag: str, code: str, number: str, at: datetime, cents: int | None, subject: str, **more: Any
    ) -> Made:
        post, party = self.post(code, number), more.pop("party", None)
        q = self.town.question(
            code, post, at, cents, counterparty=party, case=self.town.case(code, at),
            against_instruction=more.pop("against", False),
        )  # fmt: skip
        weighed = self.town.weigh(q)
        if weighed.answer.verdict is Verdict.NO:
            name = next(p.name for p in self.town.facts[code].people if p.id == post.filling.person)
            lines = f"De gemeente Zandermeer,\n{name}"
            more |= {"verdict": "nee", "outcome": "gebrek", "source": Source.IMPORT, "signature": lines}
        made = self.town.make(weighed, subject, "Overgenomen uit de administratie.", flag=flag, **more)
        self.made[flag] = made
        return made

    def _over_ceiling(self) -> None:
        at = self.day(96)
        self._add(
            "grens", "INK-02", "GW-09", at, 11_450_00, "Baggeren vijver Beatrixpark", party="Baggerbedrijf De Polder"
        )

    def _split(self) -> None:
        party = "Bruggenbouw Zuid"
        self._add("deel1", "INK-02", "WV-05", self.day(210), 9_800_00, "Herstel brugdek Sluisdijk, deel 1", party=party)
        self._add(
            "gesplitst", "INK-02", "WV-05", self.day(204), 8_900_00, "Herstel brugdek Sluisdijk, deel 2", party=party
        )

    def _expired(self) -> None:
        """GW-10 was withdrawn 200 days ago."""
        posts = [p for p in self.town.posts("INK-02") if p.grant.number == "GW-10"]
        if posts:
            at = self.day(171)
            self._add(
                "verlopen", "INK-02", "GW-10", at, 1_240_00, "Nieuwe schommel Vogelbuurt", party="Schommels en Zo"
            )

    def _against_instruction(self) -> None:
        self._add(
            "doorbroken", "OMG-06", "GW-08", self.day(57), None, "Noodkap eik Molenweg", against=True,
            why="De eik hing na de storm boven het fietspad. Melden kon pas na het weekend.",
        )  # fmt: skip

    def afterwards(self, made: list[Made], people: dict[str, UUID]) -> None:
        """Acts by the secretary, the controller and the alderman, and refused attempts."""
        split = self.made["gesplitst"]
        reason = "Twee opdrachten aan dezelfde partij voor hetzelfde werk; samen boven de grens."
        found: dict[str, Any] = {"ground": "gesplitst", "reason": reason}
        facts = {"grond": "gesplitst", "uitkomst": "gebrek"}
        defect, entry = self._act(split, self.day(180), "gebrek", "defect_found", people["controller"], facts, **found)
        at, day = self.day(166), self.day(168).date()
        number = f"B&W {day.year}-{day.isocalendar().week:02d}.7"
        self._act(
            split, at, "bekrachtiging", "ratified", people["secretaris"], {"uitkomst": "bekrachtigd", "soort": "bw3:69"},
            betreft=entry, about=defect, organ=split.values["organ"], on=day, number=number, told=at.date(),
            reason="Het werk was nodig en de prijs marktconform. Zulke opdrachten worden voortaan samen bekeken.",
        )  # fmt: skip
        self._lost(people["secretaris"])
        against = self.made["doorbroken"]
        why = {"grond": "M14", "uitkomst": "doorbroken"}
        self._about(
            against,
            against.at,
            "decision.overridden",
            against.values["person_id"],
            why,
            against.values["override_reason"],
        )
        plain = sorted((x for x in made if x.values["power"] == "SUB-01" and not x.flag), key=lambda x: x.at)
        slip = plain[len(plain) // 3]
        old, by = slip.values["case_number"], slip.values["person_id"]
        after: dict[str, Any] = {"field": "zaak", "old": old, "new": f"{old}a", "reason": "Typefout."}
        self._act(slip, slip.at + timedelta(days=1, hours=1), "correctie", "corrected", by, {"soort": "zaak"}, **after)
        for place, answered in ((2, True), (3, True), (5, True), (8, False)):
            self._asked(plain[-len(plain) // place], people["wethouder"], answered=answered)
        self._attempts(len(made) // 60)

    def _lost(self, by: UUID) -> None:
        """The objection against what was decided under a mandate that had been withdrawn."""
        late = self.made.get("verlopen")
        if late is None:
            return
        ground, at = "verlopen", self.day(75)
        said = "Het mandaat was ingetrokken toen de opdracht werd gegeven. Het college gaf haar opnieuw."
        found = {"grond": ground, "uitkomst": "gebrek"}
        defect, entry = self._act(late, at, "gebrek", "defect_found", by, found, ground=ground, reason=said)
        told = {"grond": ground, "uitkomst": "opnieuw", "soort": "bezwaar"}
        self._act(
            late, at + timedelta(minutes=1), "bezwaar", "objection_lost", by, told, betreft=entry, about=defect, ground=ground, reason=said,
            organ=late.values["organ"], on=self.day(77).date(), number=f"BZW-{at.year}-014", venue="bezwaar", effect="opnieuw",
        )  # fmt: skip

    def _act(
        self, one: Made, at: datetime, kind: str, verb: str, by: UUID, facts: dict[str, Any], *, betreft: UUID | None = None,
        **row: Any,
    ) -> tuple[UUID, UUID]:  # fmt: skip
        entry, made = self._about(one, at, f"decision.{verb}", by, facts, row["reason"], betreft), self.town.uuid(at)
        names = ("about", "field", "old", "new", "ground", "reason", "organ", "on", "number", "told", "venue", "effect")
        self.todo.append((_ACT, (made, one.id, kind, by, *(row.get(name) for name in names), entry, at)))
        return made, entry

    def _asked(self, one: Made, by: UUID, *, answered: bool) -> None:
        at, of, made = one.at + timedelta(days=3), one.values["person_id"], self.town.uuid(one.at)
        due: date = (at + timedelta(days=7)).date()
        question = "Waarom deze aanvraag wel en die van de buurvereniging niet?"
        facts = {"tot": due.isoformat(), "uitkomst": "gevraagd"}
        entry = self._about(one, at, "information.asked", by, facts, question)
        self.todo.append((_ASK, (made, one.id, by, "orgaan:college", of, question, due, entry, at)))
        if answered:
            later, words = at + timedelta(days=4), "De andere aanvraag kwam na de sluitingsdatum binnen."
            entry = self._about(one, later, "information.answered", of, {"uitkomst": "beantwoord"}, words)
            self.todo.append((_REPLY, (made, of, words, entry, later)))

    def _attempts(self, many: int) -> None:
        """Tried above the ceiling; sums of these are in the account, never persons."""
        town, codes = self.town, ("INK-02", "SUB-01", "HRM-10", "WMO-02")
        for n in range(many):
            code, at = codes[n % len(codes)], town.moment()
            post = town.dice.choice([p for p in town.posts(code) if p.grant.ceiling])
            cents = (post.grant.ceiling or 0) + town.dice.randint(1, 40) * 100_00
            weighed = town.weigh(town.question(code, post, at, cents))
            if weighed.answer.verdict is not Verdict.NO or not post.filling.valid.holds(at):
                continue
            person, role = UUID(post.filling.person), UUID(post.role)
            failing = sorted(line.code for line in weighed.answer.rules if line.outcome is Outcome.NO)
            facts = {
                "bevoegdheid": code, "uitkomst": "nee", "rulebook": weighed.answer.rulebook, "codes": failing,
            }  # fmt: skip
            sealed: dict[str, str | None] = {"actor": str(person), "rol": str(role), "bedrag": str(cents)}
            entry = town.uuid(at)
            self.rows.tell(at, entry, "decision.attempted", {"person": person}, facts, sealed, by=person, role=role)
            self.todo.append((_ATTEMPT, (code, person, role, "nee", failing, cents, entry, at)))

    def _about(
        self, one: Made, at: datetime, verb: str, by: UUID, facts: dict[str, Any], reason: str, betreft: UUID | None = None
    ) -> UUID:  # fmt: skip
        told = {
            "betreft": betreft or one.entry,
            "nummer": one.values["number"],
            "bevoegdheid": one.values["power"],
            **facts,
        }
        about: dict[str, UUID | None] = {"decision": one.id, "person": one.values["person_id"]}
        return self.rows.tell(at, self.town.uuid(at), verb, about, told, {"actor": str(by), "reden": reason}, by=by)


async def seed_decisions(owner_url: str, today: date, many: int = 5_200) -> int:
    """Fill the log with about `many` decisions of two years. Returns how many."""
    town, rows = Town(today, await read_facts(owner_url)), Rows()
    made = ordinary(town, many)
    findings = Findings(town, rows)
    made += findings.decisions()
    serials = number(made, rows)
    connection = await asyncpg.connect(plain_url(owner_url))
    try:
        async with connection.transaction():
            people = {row["name"]: row["id"] for row in await connection.fetch(_BY_MAIL)}
            findings.afterwards(made, people)
            await write(connection, made, rows, serials)
            for statement, values in findings.todo:
                await connection.execute(statement, *values)
        await connection.execute("analyze decision, journal, journal_text, journal_subject")
    finally:
        await connection.close()
    return len(made)

"""Meetings of Groen en Water: what they said and agreed in the past, one planned today, one proposal that waits for it."""

import json
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from teams.demo.past import Past
from teams.kit.clock import AMSTERDAM

TEAM = "GW"
LISTS = (
    ("checklist", "Wijkschouwer", "Schouw van deze week gedaan"), ("checklist", "Budgethouder groen", "Facturen nagekeken"),
    ("cijfers", "Waterbeheerder", "Meldingen van wateroverlast"), ("cijfers", "Wijkschouwer", "Open meldingen groen"),
    ("projecten", "Boombeheerder", "Boomonderzoek Plassenbuurt"), ("projecten", "Speelplekbeheerder", "Speelplek Rietveld"),
)  # fmt: skip
SAID = (
    {"Schouw van deze week gedaan": "Ja", "Facturen nagekeken": "Nog twee", "Meldingen van wateroverlast": "3", "Open meldingen groen": "41",
     "Boomonderzoek Plassenbuurt": "De helft van de straten is klaar", "Speelplek Rietveld": "Niets nieuws"},
    {"Schouw van deze week gedaan": "Ja", "Facturen nagekeken": "Ja", "Meldingen van wateroverlast": "1", "Open meldingen groen": "34",
     "Boomonderzoek Plassenbuurt": "Alle straten zijn klaar", "Speelplek Rietveld": "Het bestek ligt bij inkoop"},
)  # fmt: skip
TENSIONS = (
    ("Takken op het fietspad", "Fenna Terkluis", "Fietsers moeten uitwijken.", "Samen met de aannemer een ronde lopen", "Werkvoorbereider", "Ruben Veenakker"),
    ("Bewoners vragen om bankjes", "Ilse Hagewoud", "Bij Rietveld kan niemand zitten.", "Drie plekken voor een bankje kiezen", "Speelplekbeheerder", "Ilse Hagewoud"),
)  # fmt: skip
CHANGED = "Inwoners vooraf vertellen wat er gebeurt"
_MEETING = """
    insert into meeting (team_id, kind, state, step, starts_at, ends_at, place, notice_days, planned_by, planned_at, opened_at)
    values ($1, $2, $3, $4, $5, $6, $7, 2, $8, $9, $10) returning id
"""
_LINE = """
    insert into meeting_line (meeting_id, item_id, standing_id, kind, step, person_id, role_id, written_by, text, at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
_PEOPLE = """
    select p.name, p.id, v.name as role, v.role_id, v.core from role_version v
    join role_filling f on f.role_id = v.role_id and upper_inf(f.recorded)
        and f.valid @> ($2::date + time '12:00') at time zone 'Europe/Amsterdam'
    join person p on p.id = f.person_id where v.team_id = $1 and upper_inf(v.recorded) and v.valid @> $2::date
    order by v.core is not null, p.name, v.name
"""


class Groen:
    """The team's people and roles by name, and how a meeting of it is written."""

    def __init__(self, connection: asyncpg.Connection, team: UUID, rows: list[Any], today: date, past: Past) -> None:
        self.connection, self.team, self.today, self.past = connection, team, today, past
        self.people: dict[str, UUID] = {row["name"]: row["id"] for row in rows}
        self.roles: dict[str, UUID] = {row["role"]: row["role_id"] for row in rows}
        self.role_of: dict[UUID, UUID] = {}
        for row in rows:
            self.role_of.setdefault(row["id"], row["role_id"])
        self.core: dict[str, UUID] = {row["core"]: row["id"] for row in rows if row["core"]}

    async def meeting(
        self, kind: str, day: date, *, state: str = "bezig", minutes: int = 60, start: time = time(9)
    ) -> UUID:
        begin = datetime.combine(day, start, AMSTERDAM)
        told, secretary = begin - timedelta(days=9), self.core["teamsecretaris"]
        on = state != "gepland"
        made: UUID = await self.connection.fetchval(
            _MEETING, self.team, kind, state, "punten" if on else "inchecken", begin, begin + timedelta(minutes=minutes),
            "Kamer 2.14", secretary, told, begin if on else None,
        )  # fmt: skip
        everyone = sorted(self.people.items())
        for _, person in everyone:
            await self.connection.execute("insert into meeting_notice values ($1, $2, true, $3)", made, person, told)
        about = (("meeting", made), ("team", self.team), *(("person", person) for _, person in everyone))
        self.past.tell(told, "meeting.planned", about, {"meeting": made, "kind": kind}, by=secretary)
        if on:
            for name, person in everyone:
                if name != "Lotte Zomerkade":
                    await self.connection.execute(
                        "insert into meeting_presence values ($1, $2, $2, $3)", made, person, begin
                    )
        return made

    async def item(
        self,
        meeting: UUID,
        label: str,
        owner: UUID,
        at: datetime,
        *,
        proposal: UUID | None = None,
        outcome: str = "besproken",
    ) -> UUID:
        made: UUID = await self.connection.fetchval(
            "insert into meeting_item (meeting_id, label, person_id, proposal_id, state, step, outcome, at, started_at, ended_at)"
            " values ($1, $2, $3, $4, 'klaar', $5, $6, $7, $7, $8) returning id",
            meeting, label, owner, proposal, "bezwaren" if proposal else "inbrengen", outcome, at, at + timedelta(minutes=12),
        )  # fmt: skip
        return made

    async def line(
        self, meeting: UUID, at: datetime, kind: str, step: str, person: UUID, words: str = "", *, item: UUID | None = None,
        standing: UUID | None = None, role: UUID | None = None,
    ) -> None:  # fmt: skip
        by = self.core["teamsecretaris"]
        await self.connection.execute(_LINE, meeting, item, standing, kind, step, person, role, by, words, at)

    async def close(self, meeting: UUID, at: datetime) -> None:
        by = self.core["begeleider"]
        await self.line(meeting, at, "stap", "gesloten", by)
        await self.connection.execute(
            "update meeting set state = 'gesloten', step = 'uitchecken', closed_at = $2, version = version + 1 where id = $1",
            meeting,
            at,
        )
        self.past.tell(at, "meeting.closed", (("meeting", meeting), ("team", self.team)), {"meeting": meeting}, by=by)


async def seed_meetings(connection: asyncpg.Connection, today: date, past: Past) -> int:
    """Two tactical meetings, a governance meeting that adopted, one planned today and one next week. Returns how many."""
    team = await connection.fetchval("select id from team where code = $1", TEAM)
    groen = Groen(connection, team, await connection.fetch(_PEOPLE, team, today), today, past)
    await _adopted(groen)
    standing = {}
    for kind, role, label in LISTS:
        standing[label] = await connection.fetchval(
            "insert into standing_item (team_id, kind, role_id, label, made_by, at) values ($1, $2, $3, $4, $5, $6) returning id",
            team, kind, groen.roles[role], label, groen.core["teamsecretaris"], _moment(today - timedelta(days=90)),
        )  # fmt: skip
    for said, tension, back in zip(SAID, TENSIONS, (15, 8), strict=True):
        await _tactical(groen, said, tension, standing, _workday(today - timedelta(days=back)))
    await groen.meeting("roloverleg", today, state="gepland", minutes=90)
    await groen.meeting("werkoverleg", _workday(today + timedelta(days=6)), state="gepland")
    await _waiting(groen)
    return 5


async def _tactical(
    groen: Groen, said: dict[str, str], tension: tuple[str, ...], standing: dict[str, UUID], day: date
) -> None:
    label, owner, words, agreed, role, who = tension
    meeting, at = await groen.meeting("werkoverleg", day), _moment(day)
    for kind, filled, name in LISTS:
        person = next(
            (one for one, first in groen.role_of.items() if first == groen.roles[filled]), groen.core["teamsecretaris"]
        )
        await groen.line(meeting, at, "melding", kind, person, said[name], standing=standing[name])
    item = await groen.item(meeting, label, groen.people[owner], at + timedelta(minutes=20))
    await groen.line(meeting, at + timedelta(minutes=21), "gezegd", "inbrengen", groen.people[owner], words, item=item)
    await groen.line(
        meeting,
        at + timedelta(minutes=30),
        "volgende_stap",
        "inbrengen",
        groen.people[who],
        agreed,
        item=item,
        role=groen.roles[role],
    )
    await groen.close(meeting, at + timedelta(minutes=50))


async def _adopted(groen: Groen) -> None:
    """The change of a role that Zandermeer's history knows, with the meeting that adopted it."""
    connection, role = groen.connection, groen.roles["Boombeheerder"]
    day = await connection.fetchval(
        "select lower(valid) from role_item where role_id = $1 and text = $2 and upper_inf(recorded)", role, CHANGED
    )
    meeting, at = await groen.meeting("roloverleg", day), _moment(day)
    noor = groen.people["Noor Elsdijk"]
    change: dict[str, Any] = {
        "soort": "rol_wijzigen", "rolId": str(role), "naam": None, "doel": None,
        "verantwoordelijkheden": {"bij": [CHANGED], "weg": []}, "domeinen": {"bij": [], "weg": []},
    }  # fmt: skip
    before: dict[str, Any] = {
        "rollen": {str(role): {"naam": "Boombeheerder", "doel": "", "tot": None, "onderdelen": {}}},
        "afspraken": {},
    }
    proposal, number = await _proposal(
        groen, noor, role, "Inwoners schrikken als er ineens wordt gekapt.", "In de Iepenlaan stonden mensen voor de zaag.",
        change, before, at,
    )  # fmt: skip
    await connection.execute("update proposal set state = 'consent' where id = $1", proposal)
    for person in sorted(set(groen.people.values()) - {noor}):
        await connection.execute(
            "insert into proposal_elector values ($1, 1, $2, $3)", proposal, person, groen.role_of[person]
        )
        await connection.execute("insert into proposal_response values ($1, 1, $2, $3)", proposal, person, at)
    await connection.execute(
        "insert into adoption (proposal_id, version, by_silence, silent, at) values ($1, 1, false, 0, $2)", proposal, at
    )
    await connection.execute("update proposal set state = 'aangenomen' where id = $1", proposal)
    item = await groen.item(meeting, f"Voorstel {number}", noor, at, proposal=proposal, outcome="aangenomen")
    for minute, (step, who, words) in enumerate((
        ("inbrengen", "Noor Elsdijk", "Ik wil dat bewoners het vooraf van ons horen."),
        ("vragen", "Fenna Terkluis", "Geldt het ook bij een noodkap?"),
        ("vragen", "Noor Elsdijk", "Nee, dan melden we het achteraf."),
        ("reacties", "Joris Kastelhof", "Dit scheelt ons veel telefoontjes."),
    )):  # fmt: skip
        await groen.line(meeting, at + timedelta(minutes=minute), "gezegd", step, groen.people[who], words, item=item)
    groen.past.tell(
        at, "proposal.adopted", (("proposal", proposal), ("team", groen.team), ("person", noor)),
        {"number": number, "version": 1, "electors": len(groen.people) - 1, "silent": 0}, accountable=True,
    )  # fmt: skip
    await groen.close(meeting, at + timedelta(minutes=45))


async def _waiting(groen: Groen) -> None:
    """A proposal that a member wants to talk about: it waits for the meeting of today."""
    fenna, role = groen.people["Fenna Terkluis"], groen.roles["Wijkschouwer"]
    at = _moment(groen.today - timedelta(days=3))
    change: dict[str, Any] = {
        "soort": "rol_nieuw", "naam": "Watertapbeheerder", "doel": "Iedereen vindt onderweg schoon drinkwater.",
        "verantwoordelijkheden": {"bij": ["Watertappen keuren en open houden"], "weg": []}, "domeinen": {"bij": [], "weg": []},
    }  # fmt: skip
    words = "Niemand let op de watertappen.", "In augustus was die bij het station drie weken stuk."
    proposal, number = await _proposal(groen, fenna, role, *words, change, {"rollen": {}, "afspraken": {}}, at)
    for person in sorted(set(groen.people.values()) - {fenna}):
        await groen.connection.execute(
            "insert into proposal_elector values ($1, 1, $2, $3)", proposal, person, groen.role_of[person]
        )
    samir = groen.people["Samir Belkadur"]
    await groen.connection.execute(
        "insert into proposal_act (proposal_id, version, kind, person_id, at) values ($1, 1, 'overleg', $2, $3)",
        proposal,
        samir,
        at,
    )
    await groen.connection.execute("update proposal set state = 'overleg' where id = $1", proposal)
    about = (("proposal", proposal), ("team", groen.team), ("person", fenna))
    groen.past.tell(at, "proposal.submitted", about, {"number": number, "version": 1}, by=fenna)
    groen.past.tell(at, "proposal.meeting_called", about, {"number": number, "version": 1}, by=samir)


async def _proposal(
    groen: Groen, who: UUID, role: UUID, words: str, example: str, change: dict[str, Any], before: dict[str, Any], at: datetime
) -> tuple[UUID, int]:  # fmt: skip
    tension = await groen.connection.fetchval(
        "insert into tension (team_id, role_id, person_id, text, example, at) values ($1, $2, $3, $4, $5, $6) returning id",
        groen.team, role, who, words, example, at,
    )  # fmt: skip
    made, number = await groen.connection.fetchrow(
        "insert into proposal (team_id, tension_id, proposer_id, created_at) values ($1, $2, $3, $4) returning id, number",
        groen.team, tension, who, at,
    )  # fmt: skip
    await groen.connection.execute(
        "insert into proposal_version (proposal_id, version, changes, made_by, at) values ($1, 1, $2::text::jsonb, $3, $4)",
        made, json.dumps([change]), who, at,
    )  # fmt: skip
    await groen.connection.execute(
        "insert into proposal_round (proposal_id, version, form, lapses_at, before, opened_at) values ($1, 1, 'gewoon', $2, $3::text::jsonb, $4)",
        made, at + timedelta(days=90), json.dumps(before), at,
    )  # fmt: skip
    return made, number


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(9), AMSTERDAM)


def _workday(day: date) -> date:
    """The same day, or the Monday after it."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)

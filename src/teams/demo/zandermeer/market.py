"""Two years of klussen and who took part in them, relative to one day."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from teams.demo.zandermeer.catalogue import KlusText, klussen
from teams.demo.zandermeer.model import DemoClaim, DemoKlus
from teams.demo.zandermeer.moments import midnight, moment
from teams.demo.zandermeer.quota import CANCELLED, FIRST, HANDED_BACK, PROJECTS, SOON, STATES, WITHDRAWN
from teams.demo.zandermeer.staff import Person, Staff
from teams.demo.zandermeer.vacancies import vacancies


class Market:
    def __init__(self, rng: Random, staff: Staff) -> None:
        self.rng, self.staff, self.today = rng, staff, staff.today
        self.used: dict[tuple[str, date], int] = defaultdict(int)
        self.titles: set[str] = set()
        self.workers = [p for p in staff.people if p.team and not (p.persona and p.persona.email)]
        offered = vacancies(rng, staff)
        self.klussen = list(offered)
        self.titles.update(klus.titel for klus in offered)
        self._queue()
        slots = self._slots(offered)
        for index, (state, soort) in enumerate(slots):
            self.klussen.append(self._klus(index, state, soort))
        self._accounts()
        self._leavers()
        self.klussen.sort(key=lambda klus: (klus.geplaatst_op, klus.titel))

    def _queue(self) -> None:
        """All templates once, then again with another district, season or object."""
        texts = list(klussen())
        self.rng.shuffle(texts)
        texts.sort(key=lambda text: FIRST.index(text.title) if text.title in FIRST else len(FIRST))
        variants = [self.rng.sample(text.variants(), len(text.variants())) for text in texts]
        self.queue = [
            (text, choice[turn])
            for turn in range(4)
            for text, choice in zip(texts, variants, strict=True)
            if turn < len(choice)
        ]

    def _slots(self, offered: list[DemoKlus]) -> list[tuple[str, str]]:
        left = dict(STATES)
        for klus in offered:
            left[klus.status] -= 1
        states = [state for state, count in left.items() for _ in range(count)]
        tail = states[len(FIRST) :]
        self.rng.shuffle(tail)
        states = states[: len(FIRST)] + tail
        can_be_project = [i for i, state in enumerate(states) if i >= len(FIRST) and state != "concept"]
        projects = set(self.rng.sample(can_be_project, PROJECTS))
        self.opened = 0
        return [(state, "project" if i in projects else "klus") for i, state in enumerate(states)]

    def _klus(self, index: int, state: str, soort: str) -> DemoKlus:
        draw, lead = self.rng.random(), self.rng.randint(0, 30)
        if state == "open":
            self.opened += 1
        for position, (text, variant) in enumerate(self.queue):
            if text.project != (soort == "project") or (not text.weeks and state == "in_uitvoering"):
                continue
            start, end, posted = self._dates(text, state, draw, lead)
            if text.months and start.month not in text.months:
                continue
            poster = self.staff.filler(text.team, text.role, posted)
            title, words, reference = text.fill(variant, start)
            if poster is None or title in self.titles or posted < self.staff.role_start(text.team, text.role):
                continue
            del self.queue[position]
            self.titles.add(title)
            klus = self._drawn(text, (title, words, reference), poster, (start, end, posted), state)
            return self._claimed(klus, text)
        raise LookupError(f"no text left for {soort} {state}")

    def _dates(self, text: KlusText, state: str, draw: float, lead: int) -> tuple[date, date, date]:
        """First day, last day and day of posting that fit the state today."""
        length = max(text.weeks * 7 - 2, 1)
        low, high = {
            "open": (24 if self.opened <= len(FIRST) else 4, 50) if self.opened <= SOON else (56, 140),
            "gesloten": (3, 34),
            "concept": (14, 120),
            "in_uitvoering": (-min(length - 8, 90), 0),
            "afgerond": (-680, -length - 3),
            "ingetrokken": (-640, 40),
            "verlopen": (-640, -1),
        }[state]
        start = self.today + timedelta(days=low + int(draw * (high - low)))
        if text.weeks:
            start -= timedelta(days=start.weekday())
            if state in ("open", "gesloten", "concept") and start <= self.today + timedelta(days=2):
                start += timedelta(days=7)
            end = start + timedelta(days=length - 1)
        else:
            start -= timedelta(days=max(0, start.weekday() - 4))
            if start <= self.today < start + timedelta(days=3) and state not in ("afgerond", "verlopen"):
                start += timedelta(days=7)
            end = start
        if state in ("open", "gesloten"):
            posted = self.today - timedelta(days=2 + lead if state == "open" else 16 + lead)
        elif state == "concept":
            posted = self.today - timedelta(days=1 + lead // 3)
        else:
            posted = min(start, self.today) - timedelta(days=14 + lead)
        return start, end, posted - timedelta(days=max(0, posted.weekday() - 4))

    def _drawn(
        self, text: KlusText, words: tuple[str, str, str], poster: Person, days: tuple[date, date, date], state: str
    ) -> DemoKlus:
        rng = self.rng
        start, end, day = days
        posted = moment(rng, day)
        until: date | None = start - timedelta(days=rng.randint(2, 6))
        if state in ("open", "concept"):
            until = max(self.today, start - timedelta(days=rng.randint(2, 8))) if rng.random() < 0.8 else None
        elif state == "gesloten":
            until = min(self.today - timedelta(days=rng.randint(1, 5)), start)
        elif state == "in_uitvoering" and rng.random() < 0.5:
            until = None
        since = {
            "open": posted,
            "concept": posted,
            "gesloten": moment(rng, until or day, after=posted),
            "in_uitvoering": midnight(start),
            "afgerond": moment(rng, min(end + timedelta(days=1), self.today), after=posted),
            "verlopen": midnight((until or start) + timedelta(days=1)),
            "ingetrokken": moment(rng, day + (min(start, self.today - timedelta(days=1)) - day) / 2, after=posted),
        }[state]
        return DemoKlus(
            words[0], words[1], "project" if text.project else "klus", text.team, text.role, poster.number,
            text.places,
            text.least if text.weeks else None, text.most if text.weeks else None, None if text.weeks else text.least,
            start, end, until, "claim", text.skills, text.origin, words[2], text.powers, posted, state, since, (),
        )  # fmt: skip

    def _claimed(self, klus: DemoKlus, text: KlusText) -> DemoKlus:
        """Fills places as the state asks; someone who gave up a place was there before the next one."""
        rng, state = self.rng, klus.status
        taken = {
            "concept": 0,
            "verlopen": 0,
            "open": self._taken_while_open(klus.plaatsen),
            "gesloten": rng.randint(max(1, klus.plaatsen - 1), klus.plaatsen),
            "ingetrokken": rng.randint(0, klus.plaatsen - 1),
        }.get(state, rng.randint(max(1, klus.plaatsen // 2), klus.plaatsen))
        last = min(klus.aanmelden_tot or klus.van, min(klus.van, self.today) - timedelta(days=1))
        if state == "ingetrokken":
            last = min(last, klus.status_op.date() - timedelta(days=1))
        if klus.titel == FIRST[0]:
            chosen = [self.staff.named("Bram Wolthekke"), self.staff.named("Meral Yildanur")]
            for person in chosen:
                self._reserve(person, klus, 6)
            return replace(klus, claims=tuple(self._claim(klus, person, 6, last) for person in chosen))
        claims: list[DemoClaim] = []
        for person, hours in self._people(klus, taken):
            claims.append(self._claim(klus, person, hours, last))
        if state == "ingetrokken":
            reason = rng.choice(CANCELLED)
            claims = [replace(c, status="beeindigd", ended_at=max(klus.status_op, c.at), reason=reason) for c in claims]
        gave_up = state != "concept" and len(claims) < klus.plaatsen and rng.random() < 0.3
        for person, hours in self._people(klus, 1, claims) if gave_up else ():
            claim = self._claim(klus, person, hours, last)
            end = min(klus.van, self.today) - timedelta(days=1)
            if state in ("gesloten", "ingetrokken", "verlopen"):
                end = min(end, klus.status_op.date() - timedelta(days=1))
            ended = moment(rng, end, after=claim.at)
            claims.append(replace(claim, status="ingetrokken", ended_at=ended, reason=rng.choice(WITHDRAWN)))
        swap = state in ("in_uitvoering", "afgerond") and text.weeks > 3 and claims and rng.random() < 0.25
        halfway = klus.van + timedelta(days=10)
        if swap and halfway < min(self.today, klus.tot):
            for index, claim in enumerate(claims):
                if claim.ended_at is None or claim.status == "afgerond":
                    ended = moment(rng, halfway, after=claim.at)
                    claims[index] = replace(
                        claim, status="teruggegeven", ended_at=ended, reason=rng.choice(HANDED_BACK)
                    )
                    for person, hours in self._people(klus, 1, claims):
                        late = self._claim(klus, person, hours, halfway)
                        claims.append(replace(late, at=ended + timedelta(hours=rng.randint(1, 3))))
                    break
        return replace(klus, claims=tuple(sorted(claims, key=lambda claim: claim.at)))

    def _taken_while_open(self, places: int) -> int:
        if self.opened <= len(FIRST):
            return max(0, places - 1)
        number = self.opened - len(FIRST)
        if number % 6 == 0:
            return places
        if number % 3 == 0:
            return max(0, places - 1)
        return self.rng.randint(0, max(0, places - 2))

    def _claim(self, klus: DemoKlus, person: Person, hours: int, last: date) -> DemoClaim:
        rng = self.rng
        first = klus.geplaatst_op.date()
        day = first + timedelta(days=rng.randint(0, max(0, (last - first).days)))
        at = moment(rng, max(day, first), after=klus.geplaatst_op)
        if klus.status == "in_uitvoering":
            return DemoClaim(person.number, hours, at, "lopend")
        if klus.status == "afgerond":
            return DemoClaim(person.number, hours, at, "afgerond", max(klus.status_op, at))
        return DemoClaim(person.number, hours, at, "bevestigd")

    def _weeks(self, klus: DemoKlus) -> list[date]:
        monday = klus.van - timedelta(days=klus.van.weekday())
        return [monday + timedelta(days=7 * n) for n in range((klus.tot - monday).days // 7 + 1)]

    def _fits(self, person: Person, klus: DemoKlus, hours: int) -> bool:
        return all(
            self.used[person.number, week] + self.staff.role_hours(person, week) + hours <= person.hours
            for week in self._weeks(klus)
        )

    def _reserve(self, person: Person, klus: DemoKlus, hours: int) -> None:
        for week in self._weeks(klus):
            self.used[person.number, week] += hours

    def _people(self, klus: DemoKlus, count: int, without: list[DemoClaim] | None = None) -> list[tuple[Person, int]]:
        """People in service with hours left, mostly of other teams and with a skill that is asked."""
        rng = self.rng
        chosen: list[tuple[Person, int]] = []
        gone = {claim.personeelsnummer for claim in (without if without is not None else klus.claims)}
        for person in rng.sample(self.workers, len(self.workers)) if count else ():
            if len(chosen) == count:
                break
            skilled = bool(set(person.skills) & set(klus.vaardigheden)) or rng.random() < 0.1
            if person.number in gone or not skilled or (person.team == klus.team and rng.random() < 0.9):
                continue
            least = klus.uren_totaal or klus.uren_min or 0
            hours = klus.uren_totaal or rng.randint(least, klus.uren_max or least)
            hours = hours if self._fits(person, klus, hours) else least
            if (
                person.number != klus.geplaatst_door
                and person.serves(klus.geplaatst_op.date(), max(klus.tot, self.today))
                and self._fits(person, klus, hours)
            ):
                self._reserve(person, klus, hours)
                gone.add(person.number)
                chosen.append((person, hours))
        return chosen

    def _accounts(self) -> None:
        """The two demo employees: something running, something coming, something done, and hours left."""
        teun, pim = self.staff.named("Teun Drosterhof"), self.staff.named("Pim Vossenkamp")
        for person, state in ((teun, "in_uitvoering"), (teun, "open"), (teun, "afgerond"), (pim, "in_uitvoering")):
            for index, klus in enumerate(self.klussen):
                hours = klus.uren_min or 99
                if (
                    klus.status == state
                    and klus.soort == "klus"
                    and hours <= 4
                    and klus.team != person.team
                    and klus.titel not in FIRST
                    and len(klus.claims) + (1 if state == "open" else 0) < klus.plaatsen
                    and set(klus.vaardigheden) & set(person.skills)
                ):
                    last = min(klus.aanmelden_tot or klus.van, klus.van, self.today - timedelta(days=1))
                    self._reserve(person, klus, hours)
                    claims = (*klus.claims, self._claim(klus, person, hours, last))
                    self.klussen[index] = replace(klus, claims=tuple(sorted(claims, key=lambda claim: claim.at)))
                    break

    def _leavers(self) -> None:
        """Who left while a klus ran: the claim ended that day (R13)."""
        busy: set[str] = set()
        for person in (p for p in self.staff.people if p.left):
            left = person.left or self.today
            for index, klus in enumerate(self.klussen):
                hours = klus.uren_min or 0
                if (
                    klus.soort != "vacature"
                    and klus.status in ("in_uitvoering", "afgerond")
                    and klus.van < left - timedelta(days=3)
                    and left < klus.tot
                    and len(klus.claims) < klus.plaatsen
                    and klus.titel not in busy
                    and klus.geplaatst_door != person.number
                    and self._fits(person, klus, hours)
                ):
                    busy.add(klus.titel)
                    self._reserve(person, klus, hours)
                    end = moment(self.rng, left)
                    claim = self._claim(klus, person, hours, klus.van)
                    claim = replace(claim, status="beeindigd", ended_at=end, reason="Uit dienst")
                    claims = sorted((*klus.claims, claim), key=lambda one: one.at)
                    self.klussen[index] = replace(klus, claims=tuple(claims))
                    break

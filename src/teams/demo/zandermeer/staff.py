"""People of Zandermeer, the roles they fill and the hours that leaves them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from teams.demo.zandermeer.catalogue import SKILLS, RoleText, TeamText, teams
from teams.demo.zandermeer.names import address, names
from teams.demo.zandermeer.personas import COLLEGE, CORE, ENDED, NEW_ROLES, NEW_TEAMS, PERSONAS, Persona

IN_SERVICE = 312
LEAVERS = 22
CONTRACTS = (36,) * 9 + (32,) * 5 + (28,) * 3 + (24,) * 4 + (20, 18, 16)


@dataclass
class Person:
    number: str
    name: str
    email: str
    hours: int
    team: str
    joined: date
    left: date | None
    skills: tuple[str, ...]
    persona: Persona | None = None

    def serves(self, start: date, end: date) -> bool:
        return self.joined <= start and (self.left is None or end <= self.left)


@dataclass
class Filling:
    team: str
    role: str
    person: Person
    start: date
    end: date | None
    hours: int
    hours_known: bool = True
    focus: str = ""
    elected: bool = False

    def holds(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)


class Staff:
    """Everyone and every filling; built once per municipality from one random source."""

    def __init__(self, rng: Random, today: date) -> None:
        self.rng, self.today = rng, today
        self.people: list[Person] = []
        self.fillings: list[Filling] = []
        self.movers: list[tuple[Filling, date]] = []
        self.joiners: list[Filling] = []
        self.purposes = {(team.code, role.name): role for team in teams() for role in team.roles}
        self._hire()
        for team in teams():
            self._fill_team(team)
        self._second_roles()
        self._spread_hours()
        self._move()
        self._leave()
        self.by_person: dict[str, list[Filling]] = defaultdict(list)
        self.by_role: dict[tuple[str, str], list[Filling]] = defaultdict(list)
        for filling in self.fillings:
            self.by_person[filling.person.number].append(filling)
            self.by_role[filling.team, filling.role].append(filling)

    def day(self, ago: int) -> date:
        return self.today - timedelta(days=ago)

    def monday(self, ago: int) -> date:
        day = self.day(ago)
        return day - timedelta(days=day.weekday())

    def role_start(self, team: str, role: str) -> date:
        """When a role began: with its team, unless it was made later."""
        ago = NEW_ROLES.get((team, role))
        return self.team_start(team) if ago is None else self.monday(ago)

    def team_start(self, team: str) -> date:
        return self.monday(NEW_TEAMS.get(team, 3300))

    def role_hours(self, person: Person, monday: date) -> int:
        """Hours that roles take in one week; a filling that holds on any day of it counts."""
        sunday = monday + timedelta(days=6)
        return sum(
            filling.hours
            for filling in self.by_person[person.number]
            if filling.start <= sunday and (filling.end is None or monday <= filling.end)
        )

    def filler(self, team: str, role: str, day: date) -> Person | None:
        found = [f.person for f in self.by_role[team, role] if f.holds(day) and f.person.serves(day, day)]
        return min(found, key=lambda person: person.number) if found else None

    def named(self, name: str) -> Person:
        return next(person for person in self.people if person.name == name)

    def _hire(self) -> None:
        rng = self.rng
        fixed = {persona.name for persona in (*PERSONAS, *COLLEGE)}
        new = iter(names(rng, IN_SERVICE + LEAVERS - len(fixed), fixed))
        staff: list[tuple[str, Persona | None]] = []
        for team in teams():
            mine = [persona for persona in PERSONAS if persona.team == team.code]
            staff += [(team.code, persona) for persona in mine]
            staff += [(team.code, None)] * (team.size - len(mine))
        joins = set(rng.sample([i for i, (_, persona) in enumerate(staff) if persona is None], 20))
        for index, (team_code, fixed_person) in enumerate([*((p.team, p) for p in COLLEGE), *staff]):
            at = index - len(COLLEGE)
            joined = self.day(rng.randint(20, 690) if at in joins else rng.randint(1100, 9000)).replace(day=1)
            name = fixed_person.name if fixed_person else next(new)
            count = rng.randint(3, 6)
            self.people.append(
                Person(
                    f"{100213 + 7 * len(self.people)}",
                    name,
                    (fixed_person and fixed_person.email) or address(name),
                    fixed_person.hours if fixed_person else rng.choice(CONTRACTS),
                    team_code,
                    joined,
                    None,
                    tuple(SKILLS[word] for word in fixed_person.skills.split())
                    if fixed_person
                    else tuple(sorted(rng.sample(list(SKILLS.values()), count))),
                    fixed_person,
                )
            )
        self.left_names = list(new)

    def _fill_team(self, team: TeamText) -> None:
        rng = self.rng
        members = [person for person in self.people if person.team == team.code]
        free = [person for person in members if person.persona is None]
        taken: set[str] = set()
        for person in members:
            for name, hours in person.persona.roles if person.persona else ():
                taken.add(name)
                self._add(team.code, name, person, hours, core=name in CORE)
        roles = [role for role in team.roles if not role.open]
        need = [role for role in roles if role.name not in taken]
        shared = [
            role for role in roles if not role.office and role.name not in ("Loco-gemeentesecretaris", "Subsidies")
        ]
        rng.shuffle(free)
        for index in range(max(len(free), len(need))):
            role = need[index] if index < len(need) else rng.choice(shared)
            self._add(team.code, role.name, free[index % len(free)], 0)
        old = [person for person in free if person.joined < self.day(1000)]
        for role_name, person in zip([name for name in CORE if name not in taken], old, strict=False):
            self._add(team.code, role_name, person, rng.randint(1, 3), core=True)

    def _add(self, team: str, role: str, person: Person, hours: int, *, core: bool = False) -> None:
        start = max(person.joined, self.role_start(team, role))
        filling = Filling(team, role, person, start, None, hours)
        if core and role != "Rolverdeler":
            filling.elected = True
            if start < self.day(700):
                filling.start = self.monday(self.rng.randint(60, 640))
                self._former(filling)
            filling.end = filling.start + timedelta(days=728 - 1)
        elif not core and person.persona is None and self.rng.random() < 0.3:
            filling.end = self.today + timedelta(days=self.rng.randint(30, 600))
        self.fillings.append(filling)

    def _former(self, now: Filling) -> None:
        begin, end = max(now.start - timedelta(days=728), self.team_start(now.team)), now.start - timedelta(days=1)
        before = [
            person
            for person in self.people
            if person.team == now.team and person is not now.person and not person.persona and person.joined <= begin
        ]
        if before:
            self.fillings.append(Filling(now.team, now.role, self.rng.choice(before), begin, end, 1, elected=True))

    def _second_roles(self) -> None:
        """About a third also fills a second role, one in ten in another team."""
        rng = self.rng
        roles: dict[str, list[RoleText]] = {
            team.code: [r for r in team.roles if not r.open and not r.office and r.name != "Subsidies"]
            for team in teams()
        }
        for person in self.people:
            if person.persona is not None:
                continue
            draw = rng.random()
            mine = {filling.role for filling in self.fillings if filling.person is person}
            if len(mine) > 2 or draw > 0.36:
                continue
            code = rng.choice(sorted(roles)) if draw < 0.11 else person.team
            role = rng.choice([role for role in roles[code] if role.name not in mine])
            self._add(code, role.name, person, rng.randint(2, 4) if code != person.team else 0)
            self.fillings[-1].focus = rng.choice(("", "Noord", "Zuid", "centrum", "de dorpen", "projecten"))

    def _spread_hours(self) -> None:
        """Gives the fillings without hours what is left of the contract, keeping most people 2 to 10 hours free."""
        rng = self.rng
        mine: dict[str, list[Filling]] = defaultdict(list)
        for filling in self.fillings:
            mine[filling.person.number].append(filling)
        for person in self.people:
            blank = [filling for filling in mine[person.number] if not filling.hours]
            spare = rng.choice((0, 1, 2, 3, 4, 4, 5, 5, 6, 6, 7, 8, 8, 9, 10))
            left = person.hours - spare - sum(filling.hours for filling in mine[person.number])
            for index, filling in enumerate(blank):
                filling.hours = max(1, left // len(blank) + (index < left % len(blank)))
                filling.hours_known = rng.random() > 0.08

    def _move(self) -> None:
        """Some came from another team or another role; the hours stayed the same."""
        rng = self.rng
        own = [f for f in self.fillings if f.person.persona is None and f.role not in CORE and f.end is None]
        many = {f.person.number for f in self.fillings if f.role in CORE or f.team != f.person.team}
        single = [f for f in own if sum(other.person is f.person for other in self.fillings) == 1]
        old = [f for f in single if f.start < self.day(900) and f.person.number not in many]
        seen: set[tuple[str, str]] = set()
        for index, filling in enumerate(rng.sample(old, 31)):
            outside = index < 7
            moved = self.monday(rng.randint(45, 560))
            codes = [team for team in teams() if team.code not in NEW_TEAMS and (team.code != filling.team) == outside]
            places = [
                (team.code, role.name)
                for team in codes
                for role in team.roles
                if not role.open
                and not role.office
                and (team.code, role.name) not in NEW_ROLES
                and role.name not in (filling.role, "Subsidies", "Loco-gemeentesecretaris")
            ]
            if not places or (outside and (filling.team, filling.role) in seen):
                continue
            code, role_name = rng.choice(places)
            begin = max(filling.person.joined, self.team_start(code))
            before = Filling(code, role_name, filling.person, begin, moved - timedelta(days=1), filling.hours)
            filling.start = moved
            self.fillings.append(before)
            if outside:
                seen.add((filling.team, filling.role))
                self.movers.append((filling, moved))
        for filling in own:
            recent = self.day(600) < filling.person.joined == filling.start
            if recent and filling.team == filling.person.team and (filling.team, filling.role) not in seen:
                seen.add((filling.team, filling.role))
                self.joiners.append(filling)

    def _leave(self) -> None:
        rng = self.rng
        kept = [team.code for team in teams() if team.code not in NEW_TEAMS and team.code != "ZM"]
        for index, name in enumerate(self.left_names):
            left = self.day(rng.randint(20, 700))
            code, role = rng.choice(kept), ""
            if index < len(ENDED):
                code, role, ago = ENDED[index][0], ENDED[index][1], ENDED[index][4]
                left = self.day(ago)
            else:
                team = next(team for team in teams() if team.code == code)
                role = rng.choice(
                    [
                        r.name
                        for r in team.roles
                        if not r.office and (code, r.name) not in NEW_ROLES and r.name != "Subsidies"
                    ]
                )
            hours = rng.choice(CONTRACTS)
            skills = tuple(sorted(rng.sample(list(SKILLS.values()), 4)))
            number = f"{100213 + 7 * len(self.people)}"
            joined = self.day(rng.randint(1400, 9000)).replace(day=1)
            person = Person(number, name, address(name), hours, code, joined, left, skills)
            self.people.append(person)
            begin = max(joined, self.team_start(code))
            self.fillings.append(Filling(code, role, person, begin, left, hours - rng.randint(4, 8)))

"""Vacancies of Zandermeer: open roles now, and how roles were filled from inside or outside before."""

from datetime import date, timedelta
from random import Random

from teams.demo.zandermeer.catalogue import RoleText, TeamText, teams
from teams.demo.zandermeer.model import DemoClaim, DemoKlus
from teams.demo.zandermeer.moments import midnight, moment
from teams.demo.zandermeer.staff import Staff

LEAD = "Rolverdeler"
OUTSIDE = 8


def vacancies(rng: Random, staff: Staff) -> list[DemoKlus]:
    """Filled ones with a claim went to someone inside; filled ones without went to someone from outside."""
    role_of = {(team.code, role.name): (team, role) for team in teams() for role in team.roles}
    found: list[DemoKlus] = []

    def offer(key: tuple[str, str], hours: int, start: date, status: str, claim: DemoClaim | None = None) -> None:
        team, role = role_of[key]
        posted_on = min(start - timedelta(days=70), staff.day(rng.randint(4, 30)))
        lead = staff.filler(team.code, LEAD, posted_on)
        title = f"{role.name} voor {team.name}, {hours} uur"
        if lead is None or title in {klus.titel for klus in found}:
            return
        posted = moment(rng, posted_on)
        until = posted_on + timedelta(days=35)
        since = {
            "open": posted,
            "concept": posted,
            "ingetrokken": moment(rng, posted_on + timedelta(days=12)),
            "verlopen": midnight(until + timedelta(days=1)),
        }.get(status, moment(rng, start - timedelta(days=14)))
        found.append(
            DemoKlus(
                title,
                _text(team, role),
                "vacature",
                team.code,
                LEAD,
                lead.number,
                1,
                hours,
                hours,
                None,
                start,
                start + timedelta(days=363),
                until,
                "selectie",
                _skills(rng, staff, key),
                "intern",
                "",
                (),
                posted,
                status,
                since,
                (claim,) if claim else (),
            )
        )

    for filling, moved in staff.movers:
        at, end = moment(rng, moved - timedelta(days=50)), moment(rng, moved - timedelta(days=14))
        claim = DemoClaim(filling.person.number, filling.hours, at, "afgerond", end)
        offer((filling.team, filling.role), filling.hours, moved, "afgerond", claim)
    for filling in rng.sample(staff.joiners, min(OUTSIDE, len(staff.joiners))):
        offer((filling.team, filling.role), filling.hours, filling.start, "afgerond")
    for key, (_, role) in role_of.items():
        if role.open:
            offer(key, rng.choice((16, 20, 24, 28)), staff.monday(-rng.randint(70, 110)), "open")
    for key, status, ago in (
        (("FI", "Fiscalist"), "verlopen", 210),
        (("WV", "Bruggenbeheerder"), "ingetrokken", 330),
        (("CO", "Beeldmaker"), "ingetrokken", 120),
        (("WM", "Contractmanager zorg"), "concept", -90),
    ):
        offer(key, rng.choice((18, 24, 32)), staff.monday(ago), status)
    return found


def _text(team: TeamText, role: RoleText) -> str:
    tasks = [task[0].lower() + task[1:] for task in role.accountabilities]
    listed = f"{', '.join(tasks[:-1])} en {tasks[-1]}" if len(tasks) > 1 else tasks[0]
    return (
        f"{team.name} zoekt een collega voor de rol {role.name}. Daar gaat het ons om: {role.purpose} "
        f"Je werk is: {listed}. Het team kiest na een gesprek, en collega’s van binnen gaan voor."
    )


def _skills(rng: Random, staff: Staff, key: tuple[str, str]) -> tuple[str, ...]:
    pool = sorted({skill for person in staff.people if person.team == key[0] for skill in person.skills})
    return tuple(sorted(rng.sample(pool, 2)))

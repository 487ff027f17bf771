"""The municipality Zandermeer: the same day gives the same people, roles and klussen, to the byte."""

import csv
from datetime import date, timedelta
from pathlib import Path
from random import Random

from teams.demo.zandermeer.catalogue import teams
from teams.demo.zandermeer.history import afspraken, historie
from teams.demo.zandermeer.mandaten import mandate_files
from teams.demo.zandermeer.market import Market
from teams.demo.zandermeer.model import DemoAccount, Row, Zandermeer
from teams.demo.zandermeer.personas import CORE, ENDED
from teams.demo.zandermeer.staff import Staff

ORGANS = (
    ("raad", "Gemeenteraad van Zandermeer"),
    ("college", "College van burgemeester en wethouders"),
    ("burgemeester", "Burgemeester van Zandermeer"),
    ("heffingsambtenaar", "Heffingsambtenaar"),
    ("leerplichtambtenaar", "Leerplichtambtenaar"),
)


def zandermeer(today: date) -> Zandermeer:
    """Everything of the demo as of one day; needs no database, no clock and no network."""
    rng = Random(f"zandermeer {today.isoformat()}")
    staff = Staff(rng, today)
    market = Market(rng, staff)
    accounts = tuple(
        DemoAccount(person.email, person.number, person.persona.rights)
        for person in staff.people
        if person.persona and person.persona.email
    )
    files = {
        "teams": _teams(staff),
        "personen": _people(staff),
        "rollen": _roles(staff),
        "rolvervulling": _fillings(staff),
        "organen": _organs(staff),
    }
    files |= mandate_files(today, files)
    absent = _absences(rng, staff, market)
    return Zandermeer(today, files, accounts, tuple(market.klussen), absent, afspraken(today), historie(today))


def write_files(z: Zandermeer, folder: Path) -> None:
    """Writes the import files, one CSV with semicolons each."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in z.files.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), delimiter=";", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _teams(staff: Staff) -> list[Row]:
    return [
        {
            "code": team.code,
            "naam": team.name,
            "bovenliggend": team.parent,
            "doel": team.purpose,
            "cluster": team.cluster,
            "van": _day(staff.team_start(team.code)),
            "tot": "",
        }
        for team in teams()
    ]


def _people(staff: Staff) -> list[Row]:
    return [
        {
            "personeelsnummer": person.number,
            "naam": person.name,
            "email": person.email,
            "contracturen": str(person.hours),
            "thuisteam": person.team,
            "in_dienst": _day(person.joined),
            "uit_dienst": _day(person.left),
            "vaardigheden": "|".join(person.skills),
        }
        for person in staff.people
    ]


def _role(staff: Staff, team: str, name: str, *cells: str, end: str = "") -> Row:
    keys = ("doel", "verantwoordelijkheden", "domeinen", "kernrol", "functie")
    start = _day(staff.role_start(team, name))
    return {"team": team, "rol": name, **dict(zip(keys, cells, strict=True)), "van": start, "tot": end}


def _roles(staff: Staff) -> list[Row]:
    rows: list[Row] = []
    for team in teams():
        for role in team.roles:
            tasks, domains = "|".join(role.accountabilities), "|".join(role.domains)
            rows.append(_role(staff, team.code, role.name, role.purpose, tasks, domains, "", role.office))
        for name, (kind, purpose, tasks) in CORE.items():
            rows.append(_role(staff, team.code, name, purpose, tasks, "", kind, ""))
    for code, name, purpose, tasks, ago in ENDED:
        rows.append(_role(staff, code, name, purpose, tasks, "", "", "", end=_day(staff.day(ago))))
    return rows


def _fillings(staff: Staff) -> list[Row]:
    ordered = sorted(staff.fillings, key=lambda f: (f.team, f.role, f.start, f.person.number))
    return [
        {
            "team": filling.team,
            "rol": filling.role,
            "personeelsnummer": filling.person.number,
            "van": _day(filling.start),
            "tot": _day(filling.end),
            "uren": str(filling.hours) if filling.hours_known else "",
            "focus": filling.focus,
            "gekozen": "ja" if filling.elected else "nee",
        }
        for filling in ordered
    ]


def _organs(staff: Staff) -> list[Row]:
    college = [person.number for person in staff.people if not person.team]
    tax = staff.filler("BL", "Heffingsambtenaar", staff.today)
    school = staff.filler("JO", "Leerplichtambtenaar", staff.today)
    members = {
        "college": college,
        "burgemeester": college[:1],
        "heffingsambtenaar": [tax.number] if tax else [],
        "leerplichtambtenaar": [school.number] if school else [],
    }
    return [{"orgaan": code, "naam": name, "leden": "|".join(members.get(code, []))} for code, name in ORGANS]


def _absences(rng: Random, staff: Staff, market: Market) -> tuple[tuple[str, date, date], ...]:
    """Holidays of one to three weeks, in weeks that no klus asks for (R5)."""
    found: list[tuple[str, date, date]] = []
    for person in rng.sample(market.workers, 90):
        start = staff.monday(rng.randint(-150, 200))
        weeks = rng.choice((1, 1, 2, 2, 3))
        last = start + timedelta(days=7 * weeks - 3)
        if person.serves(start, last) and not any(
            market.used[person.number, start + timedelta(days=7 * week)] for week in range(weeks)
        ):
            found.append((person.number, start, last))
    return tuple(sorted(found))

"""The municipality Zandermeer keeps the rules of the product on any day that the demo is started."""

import csv
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teams.demo.zandermeer import write_files, zandermeer
from teams.demo.zandermeer.catalogue import SKILLS, klussen
from teams.demo.zandermeer.model import DemoClaim, DemoKlus, Row, Zandermeer

COLUMNS = {
    "teams": "code naam bovenliggend doel cluster van tot",
    "personen": "personeelsnummer naam email contracturen thuisteam in_dienst uit_dienst vaardigheden",
    "rollen": "team rol doel verantwoordelijkheden domeinen kernrol functie van tot",
    "rolvervulling": "team rol personeelsnummer van tot uren focus gekozen",
    "organen": "orgaan naam leden",
}
DAYS = [date(2026, 11, 22), date(2028, 2, 29), date(2026, 12, 31), date(2027, 1, 1), date(2027, 6, 14)]
SEATED = {"bevestigd", "lopend"}
FAR = date(2100, 1, 1)


def day_of(text: str, default: date = FAR) -> date:
    return date.fromisoformat(text) if text else default


@dataclass
class World:
    z: Zandermeer
    people: dict[str, Row]
    roles: dict[tuple[str, str], Row]
    fillings: dict[str, list[Row]]

    def role_hours(self, number: str, monday: date) -> int:
        return sum(
            int(row["uren"] or 0)
            for row in self.fillings[number]
            if day_of(row["van"]) <= monday + timedelta(days=6) and monday <= day_of(row["tot"])
        )

    def claims_of(self, number: str) -> list[tuple[DemoKlus, DemoClaim]]:
        return [(k, c) for k in self.z.klussen for c in k.claims if c.personeelsnummer == number]

    def account(self, name: str) -> str:
        return next(a.personeelsnummer for a in self.z.accounts if a.email == f"{name}@zandermeer.example")


@lru_cache(maxsize=8)
def world(today: date) -> World:
    z = zandermeer(today)
    fillings: dict[str, list[Row]] = defaultdict(list)
    for row in z.files["rolvervulling"]:
        fillings[row["personeelsnummer"]].append(row)
    people = {row["personeelsnummer"]: row for row in z.files["personen"]}
    return World(z, people, {(row["team"], row["rol"]): row for row in z.files["rollen"]}, fillings)


def weeks(klus: DemoKlus, claim: DemoClaim) -> list[date]:
    """The Mondays of the weeks in which a claim takes hours."""
    end = min(klus.tot, claim.ended_at.date()) if claim.ended_at else klus.tot
    monday = klus.van - timedelta(days=klus.van.weekday())
    return [monday + timedelta(days=7 * n) for n in range((end - monday).days // 7 + 1)] if end >= klus.van else []


def most_seats(klus: DemoKlus) -> int:
    events = sorted(
        [(claim.at, 1) for claim in klus.claims] + [(claim.ended_at, -1) for claim in klus.claims if claim.ended_at],
        key=lambda event: (event[0], event[1]),
    )
    held = most = 0
    for _, step in events:
        held += step
        most = max(most, held)
    return most


def free_places(klus: DemoKlus) -> int:
    return klus.plaatsen - sum(claim.status in SEATED for claim in klus.claims)


def check(today: date) -> None:
    w = world(today)
    z = w.z
    sizes(w)
    references(w)
    for klus in z.klussen:
        klus_holds(w, klus)
    busy: Counter[tuple[str, date]] = Counter()
    for klus in z.klussen:
        for claim in klus.claims:
            for monday in weeks(klus, claim):
                busy[claim.personeelsnummer, monday] += claim.uren
    for (number, monday), hours in busy.items():
        contract = int(w.people[number]["contracturen"])
        assert hours + w.role_hours(number, monday) <= contract, f"R5: {number} in the week of {monday}"
    for number, start, end in z.afwezig:
        assert start <= end
        for week in range((end - start).days // 7 + 1):
            assert not busy[number, start + timedelta(days=7 * week)], "R5: leave in a week with a klus"
    demo(w)


def sizes(w: World) -> None:
    z, today = w.z, w.z.today
    now = [row for row in w.people.values() if day_of(row["in_dienst"]) <= today <= day_of(row["uit_dienst"])]
    roles = [row for row in w.roles.values() if today <= day_of(row["tot"])]
    assert (len(z.files["teams"]), len(now), len(roles), len(z.klussen)) == (28, 312, 358, 400)
    assert len(w.roles) == len(z.files["rollen"]) == 366
    assert Counter(row["kernrol"] for row in roles if row["kernrol"]) == dict.fromkeys(
        ("rolverdeler", "begeleider", "teamsecretaris", "afgevaardigde"), 28
    )
    homes = Counter(row["thuisteam"] for row in now if row["thuisteam"])
    assert len(homes) == 28 and all(5 <= size <= 20 for size in homes.values())
    assert sorted(row["functie"] for row in roles if row["functie"]) == [
        "controller", "gemeentesecretaris", "griffier", "heffingsambtenaar",
    ]  # fmt: skip
    soorten = Counter(klus.soort for klus in z.klussen)
    assert 58 <= soorten["vacature"] + soorten["project"] <= 70
    states = {"concept", "open", "gesloten", "in_uitvoering", "afgerond", "ingetrokken", "verlopen"}
    assert {klus.status for klus in z.klussen} == states
    claims = {claim.status for klus in z.klussen for claim in klus.claims}
    assert claims == {"bevestigd", "lopend", "afgerond", "ingetrokken", "teruggegeven", "beeindigd"}
    free = [klus for klus in z.klussen if klus.status == "open" and free_places(klus)]
    assert 60 <= len(free) <= 80
    assert sum(klus.van <= today + timedelta(days=60) for klus in free) >= 30
    assert any(klus.status == "open" and not free_places(klus) for klus in z.klussen)
    assert sum(free_places(klus) == 1 for klus in free) >= 10
    across = [w.people[c.personeelsnummer]["thuisteam"] != k.team for k in z.klussen for c in k.claims]
    assert sum(across) > 0.9 * len(across)
    assert any(row["tot"] for row in w.roles.values()) and len(z.afspraken) >= 35 and len(z.afwezig) > 30


def references(w: World) -> None:
    z = w.z
    codes = {row["code"] for row in z.files["teams"]}
    for name, columns in COLUMNS.items():
        assert all(list(row) == columns.split() for row in z.files[name])
        assert all(isinstance(value, str) for row in z.files[name] for value in row.values())
    assert {row["bovenliggend"] for row in z.files["teams"]} <= codes | {""}
    assert [row["code"] for row in z.files["teams"] if not row["bovenliggend"]] == ["ZM"]
    begun = {row["code"]: day_of(row["van"]) for row in z.files["teams"]}
    names = [row["naam"] for row in w.people.values()]
    emails = [row["email"] for row in w.people.values()]
    assert len(set(names)) == len(set(emails)) == len(w.people) == len(z.files["personen"])
    assert all(re.fullmatch(r"[a-z.-]+@zandermeer\.example", email) for email in emails)
    for row in w.people.values():
        assert row["thuisteam"] in codes | {""} and 16 <= int(row["contracturen"]) <= 36
        assert set(filter(None, row["vaardigheden"].split("|"))) <= set(SKILLS.values())
    for row in w.roles.values():
        assert row["team"] in codes and row["doel"] and 2 <= len(row["verantwoordelijkheden"].split("|")) <= 5
        assert begun[row["team"]] <= day_of(row["van"]) <= day_of(row["tot"])
    for row in z.files["rolvervulling"]:
        role, person = w.roles[row["team"], row["rol"]], w.people[row["personeelsnummer"]]
        assert max(day_of(role["van"]), day_of(person["in_dienst"])) <= day_of(row["van"]) <= day_of(row["tot"])
        assert day_of(row["tot"]) <= min(day_of(role["tot"]), day_of(person["uit_dienst"]))
        assert row["gekozen"] in ("ja", "nee") and (row["uren"] == "" or 1 <= int(row["uren"]) <= 36)
    for number in w.people:
        monday = z.today - timedelta(days=z.today.weekday())
        assert w.role_hours(number, monday) <= int(w.people[number]["contracturen"])
    leden = [number for row in z.files["organen"] for number in row["leden"].split("|") if number]
    assert set(leden) <= set(w.people) and len(leden) == 8
    assert {a.team for a in z.afspraken} <= codes and all(a.van <= z.today for a in z.afspraken)
    for change in z.historie:
        assert (change.team, change.rol) in w.roles and change.op < z.today
        tasks = w.roles[change.team, change.rol]["verantwoordelijkheden"].split("|")
        now = {"hernoemd": change.rol, "doel": w.roles[change.team, change.rol]["doel"]}
        assert change.nieuw in (now.get(change.soort, ""), *tasks)
    titles = [klus.titel for klus in z.klussen]
    assert len(set(titles)) == len(titles)


def klus_holds(w: World, klus: DemoKlus) -> None:
    today, begin = w.z.today, datetime.combine(w.z.today, datetime.min.time(), ZoneInfo("Europe/Amsterdam"))
    posted = klus.geplaatst_op.date()
    assert klus.geplaatst_op.tzinfo is UTC and klus.geplaatst_op.weekday() < 5 and 7 <= klus.geplaatst_op.hour < 16
    assert today - timedelta(days=732) <= posted < today and posted <= klus.van <= klus.tot
    assert klus.geplaatst_op <= klus.status_op <= begin
    role = w.roles[klus.team, klus.rol]
    assert day_of(role["van"]) <= posted
    assert any(
        (row["team"], row["rol"]) == (klus.team, klus.rol) and day_of(row["van"]) <= posted <= day_of(row["tot"])
        for row in w.fillings[klus.geplaatst_door]
    )
    assert (klus.uren_totaal is None) != (klus.uren_min is None)
    assert klus.van == klus.tot if klus.uren_totaal else 1 <= (klus.uren_min or 0) <= (klus.uren_max or 0)
    assert klus.wijze == ("selectie" if klus.soort == "vacature" else "claim"), "R17"
    assert set(klus.vaardigheden) <= set(SKILLS.values()) and klus.herkomst in "intern initiatief uitdaagrecht raad"
    assert "{" not in klus.titel + klus.omschrijving + klus.herkomst_kenmerk
    assert 2 <= len(re.findall(r"[.?!](?: |$)", klus.omschrijving)) <= 4, klus.omschrijving
    assert most_seats(klus) <= klus.plaatsen, f"R1: {klus.titel}"
    assert len({claim.personeelsnummer for claim in klus.claims}) == len(klus.claims)
    allowed = {
        "concept": set(),
        "open": {"bevestigd", "ingetrokken"},
        "gesloten": {"bevestigd", "ingetrokken"},
        "in_uitvoering": {"lopend", "ingetrokken", "teruggegeven", "beeindigd"},
        "afgerond": {"afgerond", "ingetrokken", "teruggegeven", "beeindigd"},
        "ingetrokken": {"beeindigd", "ingetrokken"},
        "verlopen": {"ingetrokken"},
    }[klus.status]
    when = {
        "concept": klus.van > today,
        "open": klus.van > today and (klus.aanmelden_tot is None or klus.aanmelden_tot >= today),
        "gesloten": klus.van > today and klus.aanmelden_tot is not None and klus.aanmelden_tot < today,
        "in_uitvoering": klus.van <= today <= klus.tot,
        "afgerond": klus.tot < today or klus.soort == "vacature",
    }
    assert when.get(klus.status, True), f"{klus.status}: {klus.van} {klus.tot} {klus.aanmelden_tot}"
    assert klus.aanmelden_tot is None or klus.aanmelden_tot <= klus.van
    for claim in klus.claims:
        person = w.people[claim.personeelsnummer]
        assert claim.status in allowed
        assert (claim.ended_at is None) == (claim.status in SEATED)
        assert klus.geplaatst_op < claim.at < begin and claim.at <= (claim.ended_at or claim.at) < begin
        assert claim.reason or claim.status not in ("ingetrokken", "teruggegeven", "beeindigd")
        last = claim.ended_at.date() if claim.ended_at else today
        assert day_of(person["in_dienst"]) <= claim.at.date() and last <= day_of(person["uit_dienst"]), "R13"
        least, most = klus.uren_totaal or klus.uren_min or 0, klus.uren_totaal or klus.uren_max or 0
        assert least <= claim.uren <= most and claim.personeelsnummer != klus.geplaatst_door
        if claim.status == "teruggegeven":
            assert klus.van <= last <= klus.tot
        if claim.status == "ingetrokken":
            assert last < klus.van


def demo(w: World) -> None:
    z, today = w.z, w.z.today
    rights = {a.email.partition("@")[0]: set(a.rechten) for a in z.accounts}
    assert rights == {
        "medewerker": set(), "collega": set(), "rolvervuller": set(), "facilitator": set(), "wethouder": set(),
        "secretaris": {"secretaris"}, "controller": {"controller"}, "griffie": {"raad"}, "beheer": {"beheer"},
    }  # fmt: skip
    for account in z.accounts:
        assert w.people[account.personeelsnummer]["email"] == account.email
        assert all(row["uren"] for row in w.fillings[account.personeelsnummer])
    one, other = w.account("medewerker"), w.account("collega")
    assert w.people[one]["thuisteam"] != w.people[other]["thuisteam"]
    assert Counter(claim.status for _, claim in w.claims_of(one)) == {"lopend": 1, "bevestigd": 1, "afgerond": 1}
    monday = today - timedelta(days=today.weekday())
    for number in (one, other):
        mine = Counter(
            week for klus, claim in w.claims_of(number) for week in weeks(klus, claim) for _ in [0] * claim.uren
        )
        for week in range(60):
            at = monday + timedelta(days=7 * week)
            assert w.role_hours(number, at) + mine[at] <= int(w.people[number]["contracturen"]) - 6
        skills = set(w.people[number]["vaardigheden"].split("|"))
        assert len(skills) >= 4
        fits = [
            klus
            for klus in z.klussen
            if klus.status == "open" and klus.soort != "vacature" and free_places(klus)
            and klus.team != w.people[number]["thuisteam"]
            and (klus.uren_totaal or klus.uren_min or 99) <= 6 and skills & set(klus.vaardigheden)
        ]  # fmt: skip
        assert len(fits) >= 8
    held = {name: {row["rol"] for row in w.fillings[w.account(name)]} for name in rights}
    assert any("ubsidies" in rol for rol in held["rolvervuller"]) and "Begeleider roloverleg" in held["facilitator"]
    assert held["secretaris"] == {"Gemeentesecretaris"} and held["griffie"] == {"Griffier"} and not held["wethouder"]
    college = next(row for row in z.files["organen"] if row["orgaan"] == "college")
    assert w.account("wethouder") in college["leden"].split("|")
    schouw = next(klus for klus in z.klussen if klus.titel == "Schouw van 40 speelplekken")
    assert (schouw.status, schouw.plaatsen, free_places(schouw), schouw.team) == ("open", 3, 1, "GW")


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_holds_on_chosen_days(today: date) -> None:
    check(today)


@given(st.dates(date(2026, 1, 1), date(2031, 12, 31)))
@settings(max_examples=15, deadline=None)
@pytest.mark.slow
def test_holds_on_any_day(today: date) -> None:
    """R1, R5, R13 and R17 hold in the data, and every reference resolves."""
    check(today)


def test_same_day_same_bytes(tmp_path: Path) -> None:
    today = date(2028, 2, 29)
    first, second = zandermeer(today), zandermeer(today)
    assert first == second and repr(first) == repr(second)
    write_files(first, tmp_path / "a")
    write_files(second, tmp_path / "b")
    for name in COLUMNS:
        assert (tmp_path / "a" / f"{name}.csv").read_bytes() == (tmp_path / "b" / f"{name}.csv").read_bytes()
    assert zandermeer(date(2028, 3, 1)) != first


def test_files_read_back_as_written(tmp_path: Path) -> None:
    z = world(DAYS[0]).z
    write_files(z, tmp_path)
    for name, rows in z.files.items():
        with (tmp_path / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            assert list(csv.DictReader(file, delimiter=";")) == rows


def test_catalogue_is_varied() -> None:
    assert len({text.title for text in klussen()}) >= 130
    assert len({text.text for text in klussen()}) == len(klussen())
    assert len({text.team for text in klussen()}) == 28

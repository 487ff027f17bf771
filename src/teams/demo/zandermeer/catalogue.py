"""Reads the written catalogue: teams with their roles, and klussen that those roles post."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from teams.demo.zandermeer import (
    klussen_bestuur,
    klussen_bouwen,
    klussen_buiten,
    klussen_inwoners,
    klussen_samenleving,
    teams_bestuur,
    teams_bouwen,
    teams_buiten,
    teams_inwoners,
    teams_samenleving,
)

SKILLS = {
    "balie": "Balie en telefoon",
    "bezoek": "Huisbezoeken",
    "bouw": "Bouwtekeningen lezen",
    "budget": "Rekenen met budget",
    "buiten": "Buiten werken",
    "coach": "Collega’s begeleiden",
    "energie": "Energie en warmte",
    "excel": "Rekenbladen maken",
    "film": "Film en geluid",
    "foto": "Foto’s maken",
    "gesprek": "Gesprekken met inwoners",
    "inkoop": "Inkoop en aanbesteden",
    "jongeren": "Werken met jongeren",
    "kaart": "Data en kaarten",
    "leiden": "Bijeenkomst leiden",
    "natuur": "Kennis van planten en dieren",
    "onderhandel": "Onderhandelen",
    "onderzoek": "Onderzoek doen",
    "plan": "Projecten plannen",
    "precies": "Nauwkeurig werken",
    "presenteren": "Presenteren",
    "recht": "Juridisch lezen",
    "schuld": "Kennis van schulden",
    "sociaal": "Sociale wetten kennen",
    "taal": "Schrijven in gewone taal",
    "test": "Software testen",
    "veilig": "Veiligheid beoordelen",
    "verkeer": "Kennis van verkeer",
    "voertuig": "Techniek voertuigen",
    "water": "Kennis van water",
    "web": "Website bijhouden",
    "zaak": "Zaaksysteem",
}

DISTRICTS = [
    "de Havenkade",
    "Molenwijk",
    "de Lindehof",
    "Oostzijde",
    "Westerzoom",
    "De Rietlanden",
    "De Zandhoek",
    "Dorp Aldermeer",
    "Parkzicht",
    "de Stationsbuurt",
]
STREETS = [
    "de Wilgenstraat",
    "de Kadelaan",
    "het Meidoornpad",
    "de Sluisweg",
    "de Korenbloemlaan",
    "de Touwslagersgracht",
    "de Eikenhorst",
    "de Visserstraat",
    "het Molenpad",
    "de Spoorlaan",
]
MONTHS = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
]
SEASONS = ("winter", "voorjaar", "zomer", "najaar")

_SLOT = re.compile(r"\{([^}]*)\}")


@dataclass(frozen=True)
class RoleText:
    name: str
    purpose: str
    accountabilities: tuple[str, ...]
    domains: tuple[str, ...]
    office: str
    open: bool


@dataclass(frozen=True)
class TeamText:
    code: str
    name: str
    parent: str
    cluster: str
    size: int
    purpose: str
    roles: tuple[RoleText, ...]


@dataclass(frozen=True)
class KlusText:
    team: str
    title: str
    role: str
    places: int
    least: int
    most: int
    weeks: int
    skills: tuple[str, ...]
    project: bool
    origin: str
    reference: str
    powers: tuple[str, ...]
    months: tuple[int, ...]
    text: str

    def variants(self) -> tuple[str, ...]:
        """The values that may stand in the title; one empty value when nothing varies there."""
        match = _SLOT.search(self.title)
        if match is None:
            return ("",)
        slot = match[1]
        if slot == "wijk":
            return tuple(DISTRICTS)
        if slot == "straat":
            return tuple(STREETS)
        if slot in ("jaar", "vorigjaar", "winter"):
            return (slot,) * 3
        if slot in ("maand", "seizoen"):
            return (slot,) * 4
        return tuple(slot.split("/"))

    def fill(self, variant: str, start: date) -> tuple[str, str, str]:
        """Title, text and reference for one variant of a klus that starts on a day."""
        year = start.year - (start.month <= 2)
        value = {
            "jaar": str(start.year),
            "vorigjaar": str(start.year - 1),
            "winter": f"winter {year}-{year + 1}",
            "maand": f"{MONTHS[start.month - 1]} {start.year}",
            "seizoen": f"winter {year}-{year + 1}"
            if start.month in (12, 1, 2)
            else f"{SEASONS[start.month % 12 // 3]} {start.year}",
        }.get(variant, variant)
        text = self.text.replace("{}", value)
        text = re.sub(r"(?:(?<=\. )|^)[a-zé]", lambda match: match[0].upper(), text)
        return _SLOT.sub(value, self.title), text, self.reference.replace("{jaar}", str(start.year))


@cache
def teams() -> tuple[TeamText, ...]:
    """All teams, the municipality's own team first."""
    parts = (teams_bestuur, teams_inwoners, teams_buiten, teams_bouwen, teams_samenleving)
    return tuple(_team(block) for part in parts for block in part.TEKST.split("\n== ")[1:])


def _team(block: str) -> TeamText:
    head, purpose, *lines = block.strip().split("\n")
    code, name, parent, cluster, size = (cell.strip() for cell in head.split("|"))
    roles: list[RoleText] = []
    for index, line in enumerate(lines):
        if not line or line[0] in "-*":
            continue
        label, _, role_purpose = line.partition(": ")
        label, _, office = label.partition(" @")
        below = lines[index + 1 : index + 3]
        roles.append(
            RoleText(
                label.removeprefix("!"),
                role_purpose,
                tuple(below[0].removeprefix("- ").split("; ")),
                tuple(text.removeprefix("* ") for text in below[1:] if text.startswith("* ")),
                office,
                label.startswith("!"),
            )
        )
    return TeamText(code, name, parent, cluster, int(size), purpose, tuple(roles))


@cache
def klussen() -> tuple[KlusText, ...]:
    parts = (klussen_bestuur, klussen_inwoners, klussen_buiten, klussen_bouwen, klussen_samenleving)
    return tuple(
        _klus(block[:2], entry)
        for part in parts
        for block in part.TEKST.split("\n== ")[1:]
        for entry in block.strip().split("\n# ")[1:]
    )


def _klus(team: str, entry: str) -> KlusText:
    head, facts, *text = entry.split("\n")
    title, role = head.split(" | ")
    size, skills, *extra = facts.removeprefix("> ").split(" | ")
    extras = extra[0].split(", ") if extra else []
    places, hours, *weeks = size.split()
    least, _, most = hours.removesuffix("u").partition("-")
    origin = next((word for word in extras if word.split()[0] in ("initiatief", "uitdaagrecht", "raad")), "intern")
    months = next((word for word in extras if word.startswith("maand ")), "maand")
    return KlusText(
        team,
        title,
        role,
        int(places),
        int(least),
        int(most or least),
        int(weeks[0].removesuffix("w")) if weeks else 0,
        tuple(SKILLS[word] for word in skills.split()),
        "project" in extras,
        origin.split()[0],
        origin.partition(" ")[2],
        tuple(word for word in extras if re.fullmatch(r"[A-Z]+-\d\d", word)),
        tuple(int(word) for word in months.split()[1:]),
        " ".join(text),
    )

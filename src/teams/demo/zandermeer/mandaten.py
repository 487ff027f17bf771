"""The mandate register of Zandermeer as rows of the import files `bevoegdheden`, `mandaten`, `uitsluitingen`, `vervangingen` and `budgetten`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from teams.demo.zandermeer.mandaten_gegeven import BUDGETTEN, TEKST, UITSLUITINGEN, VERVANGINGEN
from teams.demo.zandermeer.mandaten_lijst import TEKST as LIJST
from teams.demo.zandermeer.model import Row

_ACTS = {"b": "besluit", "p": "privaatrecht", "f": "feitelijk"}
_KINDS = {"besluit": "mandaat", "privaatrecht": "volmacht", "feitelijk": "machtiging"}
_ORGANS = ("raad", "college", "burgemeester", "heffingsambtenaar", "leerplichtambtenaar")
_ROOT, _SUB, _PUBLISHED, _STARTS = 1460, 1420, 7, 8
_NEVER = "BEZ-01"


def mandate_files(today: date, files: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """The same day gives the same register; every role and person is one of `files`."""
    powers = [_power(cells) for cells in _lines(LIJST)]
    register = _Register(today, files, {row["code"]: row for row in powers})
    return {
        "bevoegdheden": powers,
        "mandaten": register.grants(),
        "uitsluitingen": [_exclusion(cells) for cells in _lines(UITSLUITINGEN)],
        "vervangingen": register.replacements(),
        "budgetten": [_budget(today.year, cells, files) for cells in _lines(BUDGETTEN)],
    }


def _lines(text: str) -> Iterator[list[str]]:
    return ([cell.strip() for cell in line.split("|")] for line in text.split("\n") if line.strip())


def _options(cell: str) -> list[tuple[str, str]]:
    parts = (part.strip().partition(" ") for part in cell.split(";") if part.strip())
    return [(word, rest.strip()) for word, _, rest in parts]


def _power(cells: list[str]) -> Row:
    code, title, organs, act, bases, words, extra = cells
    options = dict(_options(extra))
    only_to, _, source = options.get("aan", "").partition(" ")
    if "aan" in options:
        only_to, source = _split_source(options["aan"])
    return {
        "code": code,
        "titel": title,
        "orgaan": organs.replace("+", "|"),
        "soort": _ACTS[act],
        "grondslag": "|".join(basis.strip() for basis in bases.split(" + ")),
        "mandateerbaar": "nee" if "nee" in options else ("alleen_aan" if "aan" in options else "ja"),
        "alleen_aan": only_to.replace(",", "|"),
        "mandateerbaar_bron": options.get("nee", source),
        "grens_basis": options.get("basis", ""),
        "vier_ogen": options.get("ogen", "nee"),
        "vastlegging": options.get("vast", "per_besluit"),
        "vertrouwelijk": "ja" if "geheim" in options else "nee",
        "trefwoorden": words,
        "vraagt": options.get("vraagt", "").replace(",", "|"),
        "bijzonder": options.get("bijzonder", ""),
        "extern_bij_wet": "ja" if "wet" in options else "nee",
    }


def _split_source(cell: str) -> tuple[str, str]:
    """Parties end where the name of a law begins."""
    at = min(cell.index(law) for law in ("Participatiewet", "Wet ") if law in cell)
    return cell[:at].strip(), cell[at:]


def _exclusion(cells: list[str]) -> Row:
    code, rule, source = cells
    return {
        "bevoegdheid": code, "regel": "|".join(part.strip() for part in rule.split("~")), "bron": source, "van": "", "tot": "",
    }  # fmt: skip


def _budget(year: int, cells: list[str], files: dict[str, list[Row]]) -> Row:
    """The formation is what the team has, up to half a place, and half a place of room in every third programme."""
    team, role, _, large, name, alderman, amount = cells
    powers = "INK-01|INK-02" if large else "INK-01"
    mine = [row for row in files["personen"] if row["thuisteam"] == team and not row["uit_dienst"]]
    halves = -(-sum(round(10 * float(row["contracturen"].replace(",", "."))) for row in mine) // 180) + (
        len(name) % 3 == 0
    )
    return {
        "code": f"P-{team}", "programma": name, "portefeuillehouder": alderman, "jaar": str(year), "bedrag": amount,
        "budgethouder": f"{team}/{role}", "bevoegdheden": powers,
        "formatie": f"{halves / 2:g}".replace(".", ","), "team": team,
    }  # fmt: skip


@dataclass
class _Given:
    number: str
    powers: list[str]
    givers: list[str]
    holder: str
    ceiling: str
    options: list[tuple[str, str]]

    def one(self, word: str, otherwise: str = "") -> str:
        return next((rest for name, rest in self.options if name == word), otherwise)

    def has(self, word: str) -> bool:
        return any(name == word for name, _ in self.options)

    def all(self, word: str) -> str:
        return "|".join(rest for name, rest in self.options if name == word)


class _Register:
    def __init__(self, today: date, files: dict[str, list[Row]], powers: dict[str, Row]) -> None:
        self.today, self.files, self.powers = today, files, powers
        self.began = {f"{r['team']}/{r['rol']}": date.fromisoformat(r["van"]) for r in files["rollen"] if not r["tot"]}
        self.given = [*self._written(), *self._of_teams()]
        self.starts: dict[str, date] = {}

    def grants(self) -> list[Row]:
        return [self._row(given) for given in self.given]

    def replacements(self) -> list[Row]:
        rows = []
        for role, other, reason, first, last, decision in _lines(VERVANGINGEN):
            team, _, name = role.partition("/")
            rows.append(
                {
                    "team": team, "rol": name, "vervanger": self._filler(other, apart_from=role), "reden": reason,
                    "van": self._day(-int(first)).isoformat(), "tot": self._day(-int(last)).isoformat(), "besluit": decision,
                }
            )  # fmt: skip
        return rows

    def _written(self) -> Iterator[_Given]:
        for number, powers, givers, holder, ceiling, options in _lines(TEKST):
            yield _Given(
                number,
                [code for code in powers.split("+") if code],
                givers.split("+"),
                holder,
                ceiling,
                _options(options),
            )

    def _of_teams(self) -> Iterator[_Given]:
        """In every team: leave and expenses with who fills the roles, small and larger orders with who keeps the budget."""
        secretary = ["@gemeentesecretaris"]
        for team, role, small, large, *_ in _lines(BUDGETTEN):
            lead, first = f"{team}/Rolverdeler", [("ouder", "COL-01")]
            yield _Given(f"{team}-01", ["HRM-02", "HRM-03"], secretary, lead, "", first)
            yield _Given(f"{team}-02", ["HRM-08"], secretary, lead, "250", first)
            yield _Given(f"{team}-03", ["INK-01"], secretary, f"{team}/{role}", small, first)
            if large:
                options = [("ouder", "COL-03"), ("sub", "2"), ("als", "advies:IC/Inkoopadviseur>25.000")]
                holder = f"{team}/{role}"
                yield _Given(
                    f"{team}-04", ["INK-02"], secretary, holder, large, options if team != "IC" else options[:2]
                )

    def _row(self, given: _Given) -> Row:
        decided, start, published, withdrawn = self._days(given)
        excepted = self._excepted(given) if given.has("behalve") else []
        acts = [self.powers[code]["soort"] for code in given.powers] or self._acts(given)
        consent = decided.isoformat() if decided and given.has("stemt") else ""
        base = self.powers[given.powers[0]]["grens_basis"] if given.powers and given.ceiling else ""
        sub = given.one("sub", "nee")
        return {
            "nummer": given.number,
            "bevoegdheden": "|".join(given.powers),
            "soorten": given.one("soort") or "|".join(dict.fromkeys(_KINDS[act] for act in acts)),
            "gever": "|".join(self._party(giver) for giver in given.givers),
            "ontvanger": self._party(given.holder),
            "ouder": given.one("ouder"),
            "alles_behalve": "|".join(excepted),
            "grens": given.ceiling,
            "grens_basis": base,
            "ondermandaat": sub,
            "voorwaarden": given.all("als"),
            "instructies": given.all("doe"),
            "vorm": "bepaald_geval" if given.has("zaak") else "algemeen",
            "zaak": given.one("zaak"),
            "besloten_op": _text(decided),
            "bekendgemaakt_op": _text(published),
            "publicatie": f"Gemeenteblad van Zandermeer {published.year}, {100 + published.timetuple().tm_yday}"
            if published
            else "",
            "instemming_ontvanger_op": consent,
            "instemming_werkgever_op": consent,
            "van": start.isoformat(),
            "tot": _text(self._day(-int(given.one("eind")))) if given.has("eind") else "",
            "ingetrokken_op": _text(withdrawn),
        }

    def _days(self, given: _Given) -> tuple[date | None, date, date | None, date | None]:
        state, _, since = given.one("staat").partition(" ")
        parent = given.one("ouder")
        ago = int(given.one("geleden", str(_SUB if parent else _ROOT)))
        decided = None if state == "voorgenomen" else self._tuesday(ago)
        earliest = decided + timedelta(days=_STARTS) if decided else self._day(-40)
        above = [self.starts[parent]] if parent in self.starts else []
        if parent and not above:
            above = [self._days(next(g for g in self.given if g.number == parent))[1]]
        begins = [self.began[party] for party in [given.holder, *given.givers] if party in self.began]
        start = max([earliest, *above, *begins])
        if decided and start > earliest:
            decided = start - timedelta(days=_STARTS)
        self.starts[given.number] = start
        general = decided is not None and state != "besloten" and not given.has("zaak")
        published = decided + timedelta(days=_PUBLISHED) if decided and general else None
        return decided, start, published, self._day(int(since)) if state == "ingetrokken" else None

    def _excepted(self, given: _Given) -> list[str]:
        """What other roots give out of the powers of these organs, and what nobody may give."""
        roots = [other for other in self.given if not other.one("ouder") and "ingetrokken" not in other.one("staat")]
        apart = {code for other in roots for code in other.powers}
        never = {code for code, row in self.powers.items() if row["mandateerbaar"] != "ja"} | {_NEVER}
        return [code for code in self._powers_of(given) if code in apart | never]

    def _powers_of(self, given: _Given) -> list[str]:
        return [code for code, row in self.powers.items() if set(row["orgaan"].split("|")) & set(given.givers)]

    def _acts(self, given: _Given) -> list[str]:
        excepted = self._excepted(given)
        return sorted({self.powers[code]["soort"] for code in self._powers_of(given) if code not in excepted})

    def _party(self, name: str) -> str:
        if name in _ORGANS:
            return f"orgaan:{name}"
        if name.startswith("@"):
            return f"functie:{name[1:]}"
        if name.startswith("persoon "):
            return f"persoon:{self._filler(name.removeprefix('persoon '))}"
        return name if name.startswith("extern:") else f"rol:{name}"

    def _filler(self, role: str, apart_from: str = "") -> str:
        """Who fills the role today for longest, and does not fill the other."""
        others = set(self._fillers(apart_from))
        return next(number for number in self._fillers(role) if number not in others)

    def _fillers(self, role: str) -> list[str]:
        today = self.today.isoformat()
        rows = [
            row
            for row in self.files["rolvervulling"]
            if f"{row['team']}/{row['rol']}" == role and row["van"] <= today and (not row["tot"] or row["tot"] >= today)
        ]
        return [row["personeelsnummer"] for row in sorted(rows, key=lambda row: (row["van"], row["personeelsnummer"]))]

    def _tuesday(self, ago: int) -> date:
        """The college decides on Tuesdays."""
        day = self._day(ago)
        return day - timedelta(days=(day.weekday() - 1) % 7)

    def _day(self, ago: int) -> date:
        return self.today - timedelta(days=ago)


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""

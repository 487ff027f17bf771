"""Taking over the list that a municipality has: paste it, say what each column is and which role each function is, and offer it as a waiting import."""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from litestar import Response, Router, get, post

from teams.exchange.mandaten.plan import plan_mandates
from teams.exchange.mandaten.rows import SHAPES
from teams.exchange.plan import Draft, take_time
from teams.exchange.tables import Table
from teams.exchange.waiting import offer
from teams.http.wants import Me, Page, Session
from teams.kit.clock import day_of, now
from teams.kit.text import N_
from teams.mandates.queries.entry import RoleSeen, organs, roles_found
from teams.mandates.terms import Kind
from teams.web.answers import see_other
from teams.web.forms import Fields, form_of, iso_date
from teams.web.mandaat_beheer_form import by_of
from teams.web.pages import page

MOST_ROWS, MOST_TEXT = 2000, 300_000
TARGETS = {
    "nummer": (N_("Nummer"), ("nummer", "nr", "volgn")),
    "code": (N_("Code van de bevoegdheid"), ("code",)),
    "titel": (N_("Bevoegdheid"), ("bevoegdheid", "omschrijving", "taak")),
    "grondslag": (N_("Wettelijke grondslag"), ("grondslag", "wet", "artikel")),
    "gever": (N_("Bestuursorgaan"), ("mandaatgever", "orgaan", "gever")),
    "functie": (N_("Functie of gemandateerde"), ("gemandateerde", "functie", "ontvanger", "aan")),
    "grens": (N_("Grens in euro"), ("grens", "bedrag", "financi", "plafond")),
    "ondermandaat": (N_("Ondermandaat"), ("ondermandaat", "doormandaat")),
    "soort": (N_("Soort (M, V, Ma)"), ("soort", "m/v")),
    "voorwaarden": (N_("Voorwaarden of instructies"), ("voorwaard", "instruct", "beperking")),
    "opmerkingen": (N_("Opmerkingen"), ("opmerking", "toelichting")),
}
NEEDED = ("titel", "functie")
_KINDS = {"m": "mandaat", "v": "volmacht", "ma": "machtiging", "mach": "machtiging", "d": "delegatie"}
_DATES = ("beslotenOp", "bekendgemaaktOp", "van")
_EMPTY = frozenset({"", "-", "–", "—", "n.v.t.", "nvt"})
_FIELDS = ("lijst", "stap", "besluit", "publicatie", *_DATES)


@dataclass
class Taking:
    """One list on its way: header, rows, and what was chosen so far. `places`: target to column."""

    header: list[str]
    rows: list[tuple[int, list[str]]]
    places: dict[str, int] = field(default_factory=dict)
    functions: dict[str, str] = field(default_factory=dict)
    givers: dict[str, str] = field(default_factory=dict)

    def cell(self, row: list[str], target: str) -> str:
        """What stands there; a dash alone is an empty cell."""
        at = self.places.get(target)
        found = row[at].strip() if at is not None and at < len(row) else ""
        return "" if found.lower() in _EMPTY else found

    def words(self, row: list[str], target: str) -> str:
        """The same of a cell with text, which may begin as a line of a list."""
        return re.sub(r"^[-–—•\s]+", "", self.cell(row, target))

    def distinct(self, target: str) -> list[str]:
        return list(dict.fromkeys(cell for _, row in self.rows if (cell := self.cell(row, target))))


@get("/mandaten/overnemen", policy="secretary")
async def start(request: Page, me: Me) -> Response[str]:
    return _page(request, {}, "plak")


@post("/mandaten/overnemen", policy="secretary")
async def take(request: Page, session: Session, me: Me) -> Response[Any]:
    """Every step carries all that was typed; nothing is kept before the last."""
    fields, at = await form_of(request), await now(session)
    fields.only(
        *_FIELDS,
        *(f"kolom-{target}" for target in TARGETS),
        *(n for n in fields.all if re.fullmatch(r"(rol|orgaan)-\d{1,4}", n)),
    )
    typed, step = fields.typed(), fields.one("stap")
    taking, fault = read_list(typed.get("lijst", ""))  # as typed: a first column may have no name
    if fault:
        return _page(request, typed, "plak", status=422, fouten={"lijst": fault})
    taking.places = _places(taking.header, fields)
    missing = [target for target in NEEDED if target not in taking.places]
    if step == "kolommen" or missing:
        faults = {f"kolom-{target}": N_("Kies een kolom.") for target in missing} if step != "kolommen" else {}
        return _page(request, typed, "kolommen", status=422 if faults else 200, neem=taking, fouten=faults)
    roles, known = await roles_found(session, "", at), await organs(session)
    _people(taking, fields, roles, known)
    if step == "rollen":
        return _page(request, typed, "rollen", neem=taking, rollen=roles, organen=known)
    faults = _unplaced(taking)
    if faults:
        return _page(request, typed, "rollen", status=422, neem=taking, rollen=roles, organen=known, fouten=faults)
    tables = tables_of(taking, fields)
    await take_time(session)
    draft = await plan_mandates(session, tables, today=day_of(at))
    if step == "aanbieden" and not draft.errors.lines and not draft.difference.empty:
        import_id, _ = await offer(session, "mandaten", tables, draft, by=by_of(request, me), at=at)
        return see_other(f"/beheer/invoer/{import_id}")
    return _preview(request, typed, taking, roles, known, draft)


def read_list(text: str) -> tuple[Taking, str]:
    """Header and rows of pasted text: from a spreadsheet (tabs), or CSV with ; or a comma."""
    if not text.strip():
        return Taking([], []), N_("Plak hier je lijst, met de namen van de kolommen op de eerste regel.")
    if len(text) > MOST_TEXT or "\0" in text:
        return Taking([], []), N_("Deze lijst is te groot of niet te lezen. Plak haar in delen.")
    first = text.lstrip("\r\n").splitlines()[0]
    separator = max("\t;,", key=first.count)
    try:
        grid = list(csv.reader(io.StringIO(text.strip("\r\n")), delimiter=separator, strict=True))
    except csv.Error:
        return Taking([], []), N_("Een aanhalingsteken wordt niet gesloten. Kijk de lijst na.")
    rows = [(number, row) for number, row in enumerate(grid[1:], 2) if any(cell.strip() for cell in row)]
    if len(grid[0]) < 2 or not rows:
        return Taking([], []), N_("We lezen geen kolommen. Zet een tab, puntkomma of komma tussen de kolommen.")
    if len(rows) > MOST_ROWS or len(grid[0]) > 60:
        return Taking([], []), N_("Deze lijst is te groot of niet te lezen. Plak haar in delen.")
    return Taking([cell.strip() or str(at + 1) for at, cell in enumerate(grid[0])], rows), ""


def _places(header: list[str], fields: Fields) -> dict[str, int]:
    """The chosen column of each target; a guess by its heading when nothing was chosen yet."""
    if any(name.startswith("kolom-") for name in fields.all):
        chosen = {target: fields.one(f"kolom-{target}") for target in TARGETS}
        return {
            target: int(at)
            for target, at in chosen.items()
            if at.isascii() and at.isdigit() and int(at[:3]) < len(header)
        }
    found: dict[str, int] = {}
    for target, (_, words) in TARGETS.items():
        for at, heading in enumerate(header):
            if at not in found.values() and any(re.search(rf"\b{word}", heading.lower()) for word in words):
                found[target] = at
                break
    return found


def _people(taking: Taking, fields: Fields, roles: list[RoleSeen], known: list[tuple[str, str]]) -> None:
    """Each function as a party, each giver as an organ: as chosen, else when the name is the same."""
    by_name: dict[str, list[str]] = {}
    for role in roles:
        by_name.setdefault(role.name.lower(), []).append(f"rol:{role.typed}")
        if role.office:
            by_name.setdefault(role.office.lower(), []).insert(0, f"functie:{role.office}")
    for at, function in enumerate(taking.distinct("functie")):
        same = by_name.get(function.lower(), [])
        taking.functions[function] = fields.one(f"rol-{at}") if f"rol-{at}" in fields.all else (same[0] if same else "")
    for at, giver in enumerate(taking.distinct("gever") or [""]):
        guess = next((c for c, n in known if giver and (giver.lower() in n.lower() or c in giver.lower())), "")
        guess = guess or (
            known[0][0] if len(known) == 1 else "college" if ("college" in dict(known) and not giver) else ""
        )
        taking.givers[giver] = fields.one(f"orgaan-{at}") if f"orgaan-{at}" in fields.all else guess


def _unplaced(taking: Taking) -> dict[str, str]:
    said = N_("Kies een rol, functie of 'niet overnemen'.")
    faults = {f"rol-{at}": said for at, party in enumerate(taking.functions.values()) if not party}
    return faults | {
        f"orgaan-{at}": N_("Kies een orgaan.") for at, organ in enumerate(taking.givers.values()) if not organ
    }


def tables_of(taking: Taking, fields: Fields) -> dict[str, Table]:
    """The list as the import files `bevoegdheden` and `mandaten`, with the row numbers of the pasted list."""
    powers: dict[str, tuple[int, dict[str, str]]] = {}
    grants: list[tuple[int, dict[str, str]]] = []
    dates = {name: iso_date(fields.one(name)) or "" for name in _DATES}
    codes: dict[str, str] = {}
    for number, row in taking.rows:
        party = taking.functions.get(taking.cell(row, "functie"), "")
        title = taking.words(row, "titel")
        if party == "niet" or not (title or party):
            continue
        organ = taking.givers.get(taking.cell(row, "gever"), "") or next(iter(taking.givers.values()))
        code = _joined(taking.cell(row, "code")) or codes.setdefault(
            f"{organ}/{title.lower()}", f"B-{len(codes) + 1:03}"
        )
        kinds = _kinds(taking.cell(row, "soort"))
        act = (
            "besluit"
            if "mandaat" in kinds or "delegatie" in kinds
            else "privaatrecht"
            if "volmacht" in kinds
            else "feitelijk"
        )
        powers.setdefault(code, (number, {
            "code": code, "titel": title[:300], "orgaan": organ, "soort": act,
            "grondslag": taking.words(row, "grondslag"), "mandateerbaar": "ja",
        }))  # fmt: skip
        grants.append((number, {
            "nummer": _joined(taking.cell(row, "nummer")) or f"R{number}", "bevoegdheden": code, "soorten": "|".join(kinds),
            "gever": f"orgaan:{organ}", "ontvanger": party, "grens": taking.cell(row, "grens"),
            "ondermandaat": _sub(taking.cell(row, "ondermandaat")), "voorwaarden": taking.words(row, "voorwaarden"),
            "opmerkingen": taking.words(row, "opmerkingen"), "besloten_op": dates["beslotenOp"], "van": dates["van"] or dates["beslotenOp"],
            "bekendgemaakt_op": dates["bekendgemaaktOp"], "besluit": fields.one("besluit"), "publicatie": fields.one("publicatie"),
        }))  # fmt: skip
    return {"bevoegdheden": _table("bevoegdheden", powers.values()), "mandaten": _table("mandaten", grants)}


def _table(name: str, rows: Iterable[tuple[int, dict[str, str]]]) -> Table:
    found = tuple(rows)
    columns = tuple(found[0][1]) if found else SHAPES[name].required
    return Table(name, columns, found)


def _joined(cell: str) -> str:
    """`A 8/2` as it can stand in an address: `A-8-2`."""
    return re.sub(r"[\s|/\\]+", "-", cell.strip())


def _kinds(cell: str) -> list[str]:
    """`M`, `V/Ma`, `mandaat en volmacht`; nothing is mandaat."""
    words = re.findall(r"[a-z]+", cell.lower())
    known = [_KINDS.get(word, word) for word in words]
    return [word for word in dict.fromkeys(known) if word in list(Kind)] or ["mandaat"]


def _sub(cell: str) -> str:
    word = cell.strip().lower()
    return "ja" if word.startswith(("ja", "j", "x", "toegestaan")) else word if re.fullmatch("[1-8]", word) else "nee"


def _preview(
    request: Page, typed: dict[str, str], taking: Taking, roles: list[RoleSeen], known: list[tuple[str, str]], draft: Draft
) -> Response[str]:  # fmt: skip
    lines = draft.errors.lines
    return _page(
        request, typed, "voorbeeld", status=422 if lines else 200, neem=taking, rollen=roles, organen=known, regels=lines[:200],
        verschil=draft.difference.tables, niets=draft.difference.empty,
    )  # fmt: skip


def _page(
    request: Page, typed: dict[str, str], step: str, *, status: int = 200, fouten: dict[str, str] | None = None, **more: Any
) -> Response[str]:  # fmt: skip
    defaults = {"neem": Taking([], []), "rollen": [], "organen": [], "regels": [], "verschil": {}, "niets": True}
    return page(
        request, "mandaten/overnemen.html", status=status, typed=typed, stap=step, doelen=TARGETS, nodig=NEEDED,
        fouten=fouten or {}, **{**defaults, **more},
    )  # fmt: skip


router = Router(path="/", route_handlers=[start, take])

"""How decisions and voornemens are called on a page, and the letter that goes out."""

from typing import Any

from teams.decisions.actions.after import current
from teams.decisions.queries.seen import Seen
from teams.kit.money import format_euro
from teams.kit.text import N_
from teams.ledger.queries import Place, Standing
from teams.mandates.text import dutch_day

OUTCOMES = {
    "bevoegd": (N_("Binnen mandaat"), "goed", "ja"),
    "doorbroken": (N_("Tegen een instructie in"), "let", "let"),
    "gebrek": (N_("Buiten mandaat"), "fout", "nee"),
}
STANDINGS = {
    Standing.RECORDED: (N_("Vastgelegd en controleerbaar"), "goed", "schild"),
    Standing.UNWITNESSED: (N_("Ondertekend, wacht op een getuige"), "info", "klok"),
    Standing.PENDING: (N_("In behandeling"), "info", "klok"),
    Standing.DOUBTFUL: (N_("Nog te controleren"), "let", "let"),
}
INTENT_STATES = {
    "advies": (N_("Wacht op advies"), "let"), "tweede": (N_("Wacht op de tweede persoon"), "let"),
    "klaar": (N_("Jij bent aan zet"), "info"), "doorgestuurd": (N_("Voorgelegd aan iemand die het mag"), "let"),
    "orgaan": (N_("Ligt bij het orgaan"), "let"), "besloten": (N_("Besloten"), "goed"), "afgewezen": (N_("Afgewezen"), "fout"),
    "ingetrokken": (N_("Ingetrokken"), ""),
}  # fmt: skip
TASKS = {
    "bevestig": (N_("{naam} vraagt je mee te beslissen"), N_("Bevestig")),
    "advies": (N_("{naam} vraagt je advies"), N_("Geef advies")),
    "verder": (N_("Een voornemen wacht op jouw volgende stap"), N_("Bekijk voornemen")),
}
ACTS = {
    "gemaakt": N_("{naam} maakte dit voornemen."), "advies_gevraagd": N_("Er is advies gevraagd aan {ander}."),
    "advies": N_("Advies van {naam}:"), "bevestigd": N_("{naam} bevestigde als tweede persoon."),
    "geweigerd": N_("{naam} bevestigde niet."), "doorgestuurd": N_("{naam} legde het voor aan {ander}."),
    "voorstel": N_("{naam} maakte er een voorstel van voor het orgaan."), "uitkomst": N_("{naam} vulde in wat het orgaan besloot:"),
    "ingetrokken": N_("{naam} trok het in."), "besloten": N_("Het besluit is genomen."),
}  # fmt: skip
GROUNDS = {
    "boven_grens": N_("Boven de grens"), "gesplitst": N_("Opgeknipt"), "geen_mandaat": N_("Geen mandaat"),
    "verlopen": N_("Mandaat verlopen of ingetrokken"), "niet_bekendgemaakt": N_("Mandaat niet bekendgemaakt"),
    "zelfde_persoon": N_("Twee keer dezelfde persoon"), "eigen_belang": N_("Eigen belang"),
    "terugwerkend": N_("Pas met terugwerkende kracht bevoegd"), "anders": N_("Anders"),
}  # fmt: skip
VENUES = {
    "bezwaar": N_("Bezwaar bij het orgaan"), "beroep": N_("Beroep bij de rechtbank"), "hoger_beroep": N_("Hoger beroep"),
}  # fmt: skip
EFFECTS = {
    "herroepen": N_("Herroepen of vernietigd"), "opnieuw": N_("Opnieuw besloten door het orgaan"),
    "in_stand": N_("In stand gebleven"),
}  # fmt: skip
FIELD_NAMES = {
    "zaak": N_("zaak"), "wederpartij": N_("andere partij"), "onderwerp": N_("onderwerp"), "motivering": N_("motivering"),
}  # fmt: skip
KINDS = {
    "besluit": N_("Besluit"), "privaatrecht": N_("Opdracht namens de gemeente"), "feitelijk": N_("Handeling namens het orgaan"),
}  # fmt: skip


def standing_of(place: Place | None) -> tuple[str, str, str]:
    """What a page may say: vastgelegd only once the log's head covers the entry."""
    return STANDINGS[place.standing if place else Standing.PENDING]


def letter(seen: Seen) -> str:
    """Dutch, ready to copy, whatever the reader's language; the signature block is the engine's."""
    row = seen.row
    subject, case = current(seen, "onderwerp"), current(seen, "zaak")
    lines = [f"Onderwerp: {subject or row.power_title}"]
    lines += [f"Zaak: {case}"] if case else []
    lines += [f"Kenmerk: {row.number}", f"Datum: {dutch_day(row.decided_at)}", "", "Geachte heer, mevrouw,", ""]
    took = {
        "besluit": "heb ik het volgende besluit genomen", "privaatrecht": "geeft de gemeente de volgende opdracht",
        "feitelijk": "heb ik het volgende gedaan",
    }  # fmt: skip
    lines += [f"Op {dutch_day(row.decided_at)} {took[row.act]}: {(subject or row.power_title).rstrip('.')}."]
    lines += [f"Het gaat om {format_euro(row.cents)}."] if row.cents else []
    lines += ["", current(seen, "motivering") or "", ""]
    if row.act == "besluit":
        lines += ["Bent u het niet eens met dit besluit? Dan kunt u binnen zes weken bezwaar maken.", ""]
    return "\n".join([*lines, "Met vriendelijke groet,", "", row.signature or ""])


def chains_of(seen: Seen) -> list[list[dict[str, Any]]]:
    """The chains as they were answered then."""
    found: list[list[dict[str, Any]]] = (seen.row.answer or {}).get("ketens", [])
    return found


TELLING = ("M21", "M20", "M25", "M22", "M24", "M19", "M09", "M10", "M23", "M13")


def rules_of(seen: Seen) -> tuple[list[dict[str, Any]], list[dict[str, Any]]] | None:
    """What the rules found then: those that a reader looks for, with every no and warning; and the rest."""
    found: list[dict[str, Any]] = [r for r in (seen.row.answer or {}).get("regels", []) if r["uitkomst"] != "nvt"]
    first = [r for r in found if r["uitkomst"] != "ok" or r["regel"] in TELLING]
    return (first, [r for r in found if r not in first]) if found else None

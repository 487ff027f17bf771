"""The form of a proposal: from typed fields to a change set, and back."""

from typing import Any

from teams.governance.seen import ProposalSeen
from teams.web.forms import Fields
from teams.web.voorstel_words import KINDS


def change_from(fields: Fields, kind: str) -> list[dict[str, Any]]:
    """What was typed as a change set: one change of this kind, and a mandate that is asked for with it."""
    one = fields.one
    items = {
        name: {"bij": [line.strip() for line in one(name).splitlines() if line.strip()], "weg": fields.many(f"{name}_weg")}
        for name in ("verantwoordelijkheden", "domeinen")
    }  # fmt: skip
    text = {"naam": one("naam") or None, "doel": one("doel") or None}
    by_kind: dict[str, dict[str, Any]] = {
        "rol_nieuw": {**text, **items},
        "rol_wijzigen": {"rolId": one("doelrol"), **text, **items},
        "rol_einde": {"rolId": one("doelrol")},
        "afspraak_nieuw": {
            "naam": text["naam"], "tekst": one("tekst"), "afspraaksoort": one("afspraaksoort", "beperking") or "beperking",
            **({"vorm": one("vorm") or None} if one("afspraaksoort") == "besluitvorm" else {}),
            **({"termijn": one("termijn") or None} if one("afspraaksoort") in ("besluitvorm", "overleg", "instemming") else {}),
            **({"wie": one("wie") or None} if one("afspraaksoort") in ("vervulling", "instemming", "klustoets") else {}),
            **({"wieRolId": one("wierol")} if one("wie") == "rol" and one("wierol") else {}),
            **({"altijd": one("altijd") == "1", "stil": one("stil") == "1"} if one("afspraaksoort") == "instemming" else {}),
            **{name: one(name) for name in ("besluitUren", "besluitWeken", "besluitEuro") if one("afspraaksoort") == "instemming" and one(name)},
            **({"aantal": one("aantal") or None} if one("afspraaksoort") == "overleg" else {}),
            **({"kandidaten": one("kandidaten") or None} if one("afspraaksoort") == "kandidaten" else {}),
            **({"percentage": one("percentage") or None} if one("afspraaksoort") == "quorum" else {}),
            **({"kader": one("kader")} if one("kader") else {}),
            **({"koppelRolId": one("koppelrol") or None} if one("afspraaksoort") == "koppeling" else {}),
            **({"ookOnder": True, "dwingend": one("onder") == "dwingend"} if one("onder") else {}),
        },
        "afspraak_einde": {"afspraakId": one("afspraak")},
        "rol_verplaatsen": {"rolId": one("doelrol"), "teamId": one("naarteam")},
        "afspraak_verplaatsen": {"afspraakId": one("afspraak"), "teamId": one("naarteam")},
        "mandaatverzoek": {"rolId": one("doelrol") or None, "tekst": one("mandaat")},
    }  # fmt: skip
    changes = [{"soort": kind, **by_kind.get(kind, {})}]
    if kind == "rol_wijzigen" and one("mandaat"):
        changes.append({"soort": "mandaatverzoek", "rolId": one("doelrol"), "tekst": one("mandaat")})
    return changes


def typed_from(seen: ProposalSeen) -> dict[str, Any] | None:
    """The form of a change set that a page can show: one change, with at most a mandate beside a changed role."""
    first, rest = seen.row.changes[0], seen.row.changes[1:]
    if (
        first["soort"] not in KINDS
        or len(rest) > 1
        or (rest and (first["soort"], rest[0]["soort"]) != ("rol_wijzigen", "mandaatverzoek"))
    ):
        return None
    typed: dict[str, Any] = {
        "soort": first["soort"], "naam": first.get("naam") or "", "doel": first.get("doel") or "",
        "doelrol": first.get("rolId") or "", "tekst": first.get("tekst") or "", "afspraak": first.get("afspraakId") or "",
        "afspraaksoort": first.get("afspraaksoort") or "", "vorm": first.get("vorm") or "", "termijn": first.get("termijn") or "",
        "mandaat": rest[0]["tekst"] if rest else first.get("tekst") or "", "wie": first.get("wie") or "",
        "wierol": first.get("wieRolId") or "", "kandidaten": first.get("kandidaten") or "", "percentage": first.get("percentage") or "",
        "onder": "dwingend" if first.get("dwingend") else "ja" if first.get("ookOnder") else "", "naarteam": first.get("teamId") or "",
        "kader": first.get("kader") or "", "koppelrol": first.get("koppelRolId") or "", "altijd": "1" if first.get("altijd") else "", "stil": "1" if first.get("stil") else "",
        "aantal": first.get("aantal") or "", "besluitUren": first.get("besluitUren") or "", "besluitWeken": first.get("besluitWeken") or "",
        "besluitEuro": first.get("besluitEuro") or "",
    }  # fmt: skip
    for name in ("verantwoordelijkheden", "domeinen"):
        items = first.get(name) or {"bij": [], "weg": []}
        typed[name], typed[f"{name}_weg"] = "\n".join(items["bij"]), items["weg"]
    return typed

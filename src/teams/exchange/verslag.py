"""The minutes of a meeting as data for their PDF: a Dutch paper, made only from what was recorded."""

from collections.abc import Mapping
from typing import Any

from teams.kit.clock import AMSTERDAM

_KINDS = {"roloverleg": "Roloverleg", "werkoverleg": "Werkoverleg"}
_LISTS = {"checklist": "Checklist", "cijfers": "Cijfers", "projecten": "Projecten"}
_OUTCOMES = {
    "aangenomen": "aangenomen", "gekozen": "gekozen", "ingetrokken": "ingetrokken", "vervallen": "vervallen", "op_papier": "gaat verder op papier",
    "later": "komt terug in een volgend overleg", "besproken": "besproken", "niet_besproken": "niet aan toegekomen",
}  # fmt: skip
_OUTPUTS = {"volgende_stap": "Volgende stap", "project": "Project"}


def minutes_data(row: Any, titles: Mapping[str, str], municipality: str) -> dict[str, Any]:
    """`row`: the meeting as `meeting_for` reads it; `titles`: by item, what its proposal was about."""
    first, last = row.starts_at.astimezone(AMSTERDAM), row.ends_at.astimezone(AMSTERDAM)
    standing = {one["id"]: one for one in row.standing}
    reported = {line["standing"]: line["text"] for line in row.lines if line["kind"] == "melding"}
    lists = [
        {"kop": head, "regels": [
            {"label": one["label"], "rol": one["role"] or "", "tekst": reported.get(id, "niets gezegd")}
            for id, one in standing.items() if one["kind"] == kind
        ]}
        for kind, head in _LISTS.items()
    ]  # fmt: skip
    return {
        "titel": f"Verslag {_KINDS[row.kind].lower()} {row.team or ''}, {first:%d-%m-%Y}", "gemeente": municipality,
        "wanneer": f"{first:%d-%m-%Y}, {first.hour}.{first:%M} tot {last.hour}.{last:%M} uur", "plaats": row.place,
        "aanwezig": ", ".join(one["name"] for one in row.people if one["here"]) or "niemand",
        "afwezig": ", ".join(one["name"] for one in row.people if not one["here"]), "bedoeling": row.intent,
        "lijsten": [one for one in lists if one["regels"]],
        "punten": [
            {
                "kop": item["label"], "door": f"Ingebracht door {item['name']}.", "uitkomst": _OUTCOMES[item["outcome"]],
                "wat": f"Voorstel {item['number']}: {titles.get(item['id'], '')}." if item["proposal"] else "",
                "regels": [
                    {"wie": line["name"], "stap": _where(line), "tekst": line["text"]}
                    for line in row.lines if line["item"] == item["id"] and line["text"]
                ],
            }
            for item in row.items
        ],
    }  # fmt: skip


def _where(line: Mapping[str, Any]) -> str:
    if line["kind"] in _OUTPUTS:
        return f"{_OUTPUTS[line['kind']]}, {line['role']}"
    return str(line["step"]).capitalize()

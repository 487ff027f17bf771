"""The answer: verdict, sentence, reasons, chains, rules, who may, signature, next steps, and the rulebook's fingerprint."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from teams.mandates.rules.base import Outcome, Verdict
from teams.mandates.text import Text


class RuleLine(NamedTuple):
    """`unsure`: the source is shown with 'te controleren'."""

    code: str
    title: str
    outcome: Outcome
    fact: Text
    source: str
    unsure: bool
    level: str


class ReasonLine(NamedTuple):
    code: str
    text: Text


class Link(NamedTuple):
    """One step of a chain. `kind`: orgaan, mandaat or persoon. `codes`: rules that refuse at this step."""

    kind: str
    name: str
    number: str | None = None
    version: str | None = None
    kinds: tuple[str, ...] = ()
    ceiling: int | None = None
    article: str = ""
    decided_on: datetime | None = None
    publication: str = ""
    until: datetime | None = None
    substitute: bool = False


class Someone(NamedTuple):
    id: str
    name: str
    capacity: str


class WhoMay(NamedTuple):
    """A role, person or organ that may; `today` is empty when nobody is there now. `verdict` is what they would hear."""

    kind: str
    id: str
    name: str
    number: str | None
    ceiling: int | None
    verdict: Verdict
    today: tuple[Someone, ...]


class NextStep(NamedTuple):
    """`kind`: vraag_aan, orgaanvoorstel, hogere_grens, tweede_persoon, advies, bevestig, vul_aan, vastleggen, bekrachtiging. A page adds the address."""

    kind: str
    text: Text
    about: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """`form`: besluit, volmacht, machtiging, ondertekening, eigen_naam. Always Dutch."""

    form: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """Same facts and question, same bytes."""

    verdict: Verdict
    sentences: tuple[Text, ...]
    reasons: tuple[ReasonLine, ...]
    chains: tuple[tuple[Link, ...], ...]
    rules: tuple[RuleLine, ...]
    who_may: tuple[WhoMay, ...]
    signature: Signature | None
    next_steps: tuple[NextStep, ...]
    moment: datetime
    known_at: datetime
    rulebook: str

    @property
    def sentence(self) -> str:
        return " ".join(str(line) for line in self.sentences)

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(reason.code for reason in self.reasons)

    def to_dict(self) -> dict[str, object]:
        """The shape of `POST /bevoegdheidsvragen`, in Dutch; only strings, integers (cents), booleans, lists and null."""
        return {
            "oordeel": self.verdict.word,
            "zin": self.sentence,
            "redenen": [{"code": line.code, "tekst": str(line.text)} for line in self.reasons],
            "ketens": [[_link(link) for link in chain] for chain in self.chains],
            "regels": [
                {
                    "regel": r.code,
                    "uitkomst": r.outcome.value,
                    "feit": str(r.fact),
                    "bron": r.source,
                    "teControleren": r.unsure,
                }
                for r in self.rules
            ],
            "wieWel": [_who(who) for who in self.who_may],
            "ondertekening": "\n".join(self.signature.lines) if self.signature else None,
            "vervolg": [{"soort": step.kind, "tekst": str(step.text)} for step in self.next_steps],
            "op": _moment(self.moment),
            "bekend": _moment(self.known_at),
            "regelboek": self.rulebook,
        }

    def to_json(self) -> bytes:
        """Canonical: sorted keys, no white space, UTF-8, no floats."""
        return json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None


def _link(link: Link) -> dict[str, object]:
    return {
        "soort": link.kind,
        "naam": link.name,
        "nummer": link.number,
        "versie": link.version,
        "soorten": list(link.kinds),
        "grensCent": link.ceiling,
        "artikel": link.article,
        "beslotenOp": _moment(link.decided_on),
        "publicatie": link.publication,
        "tot": _moment(link.until),
        "plaatsvervangend": link.substitute,
    }


def _who(who: WhoMay) -> dict[str, object]:
    return {
        "soort": who.kind,
        "id": who.id,
        "naam": who.name,
        "nummer": who.number,
        "grensCent": who.ceiling,
        "oordeel": who.verdict.word,
        "vandaag": [{"id": one.id, "naam": one.name, "hoedanigheid": one.capacity} for one in who.today],
    }

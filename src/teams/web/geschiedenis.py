"""What changed between two days in the organisation, a team or a role: side by side, with who did it by which proposal."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from litestar import Response, Router, get
from litestar.params import FromPath
from markupsafe import Markup
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from teams.http.wants import Me, Page, Session, language_of
from teams.http.words import Words, words
from teams.journal.queries import EntrySeen
from teams.kit.clock import day_of, now
from teams.kit.errors import Invalid, NextStep, NotFound, Reason
from teams.kit.text import N_
from teams.klussen.names import names_of
from teams.structure.differences import Changed, acts_between, differences
from teams.structure.moment import Moment, moment_from
from teams.web.activity import PUBLIC, ids_in, sentence
from teams.web.forms import Fields, query_of
from teams.web.pages import page
from teams.web.voorstel_words import POLICIES

BACK = 90
FIELDS = ("van", "tot", "van_bekend", "tot_bekend", "bekend")
PARTS = {
    "name": N_("Naam"), "purpose": N_("Doel"), "cluster": N_("Gebied"), "parent": N_("Hoort bij"), "team_id": N_("Team"),
    "core": N_("Vaste rol"), "office": N_("Wettelijke functie"), "verantwoordelijkheid": N_("Verantwoordelijk voor"),
    "domein": N_("Domein"), "vervuld": N_("Vervuld door"), "mensen": N_("Mensen"), "teams": N_("Teams in dit team"),
    "title": N_("Titel"), "kind": N_("Soort"), "text": N_("Tekst"), "strategie": N_("Strategie"),
    "prioriteit": N_("Wat nu voorgaat"), "aanspreekrol": N_("Vragen gaan naar"),
}  # fmt: skip
_KINDS: dict[str, str] = {kind.value: said for kind, said in POLICIES.items()}
_REVERSED = N_("Kies een dag op of na de eerste dag.")


@dataclass(frozen=True)
class Span:
    """The two moments that are compared, what was typed for them, and what was wrong with that (then the last three months)."""

    a: Moment
    b: Moment
    typed: dict[str, str]
    wrong: dict[str, str]

    @property
    def known_too(self) -> bool:
        """Two different moments of knowledge are compared, or an older one."""
        return self.a.known != self.b.known or self.b.known != self.b.now


@dataclass(frozen=True)
class Act:
    """One act: when written down, the sentence, from which day it holds if that is another day, and its proposal."""

    at: date
    said: Markup
    effect: date | None
    proposal: UUID | None
    number: int | None


@get("/organisatie/geschiedenis", policy="employee")
async def organisation(request: Page, session: Session, me: Me) -> Response[str]:
    return await _page(request, session, "organisatie", None)


@get("/teams/{team_id:uuid}/geschiedenis", policy="employee")
async def team(request: Page, team_id: FromPath[UUID], session: Session, me: Me) -> Response[str]:
    return await _page(request, session, "team", team_id)


@get("/rollen/{role_id:uuid}/geschiedenis", policy="employee")
async def role(request: Page, role_id: FromPath[UUID], session: Session, me: Me) -> Response[str]:
    return await _page(request, session, "rol", role_id)


async def _page(request: Page, session: AsyncSession, scope: str, scope_id: UUID | None) -> Response[str]:
    query, speak = query_of(request), words(language_of(request))
    query.only(*FIELDS)
    span = _span(query, await now(session), speak)
    found, names = await differences(session, scope, scope_id, span.a, span.b)
    if scope_id is not None and scope_id not in names:
        raise NotFound(
            Reason("onbekend", N_("Dit team of deze rol bestaat niet.")),
            then=(NextStep(N_("Bekijk de organisatie."), "/organisatie"),),
        )
    ids = {one.id for one in found} | ({scope_id} if scope_id else set())
    rows = await acts_between(session, ids, span.a, span.b)
    acts = await _told(session, rows, speak)
    by_change = [(one, [act for entry, act in acts if _did(entry, one)]) for one in found]
    shown = {entry.id for entry, _ in acts for one in found if _did(entry, one)}
    return page(
        request, "organisatie/geschiedenis.html", status=422 if span.wrong else 200, soort=scope, sleutel=scope_id,
        naam=names.get(scope_id, "") if scope_id else "", span=span, groepen=_grouped(by_change), onderdelen=PARTS,
        afspraaksoort=_policy_kind(speak), rest=[act for entry, act in acts if entry.id not in shown][:20], aantal=len(found),
        eerder=[(text, day_of(span.b.op) - timedelta(days)) for text, days in _SHORTCUTS], dag_van=day_of, lees=date.fromisoformat,
    )  # fmt: skip


_SHORTCUTS = ((N_("Een week"), 7), (N_("Een maand"), 30), (N_("Een kwartaal"), 91), (N_("Een jaar"), 365))


def _span(query: Fields, at: Any, speak: Words) -> Span:
    typed = {name: query.one(name) for name in FIELDS}
    both = typed["bekend"]
    sides, wrong = list[Moment](), dict[str, str]()
    for op in ("tot", "van"):
        known = f"{op}_bekend"
        try:
            asked = typed[op] or (f"{day_of(sides[0].op) - timedelta(BACK)}" if op == "van" and sides else "")
            sides.append(moment_from(asked, typed[known] or both, at))
        except Invalid as refusal:
            fields = {"op": op, "bekend": known if typed[known] or not both else "bekend"}
            wrong |= {fields[field]: speak.reason(reason) for field, reason in refusal.fields.items()}
    if not wrong and sides[1].op > sides[0].op:
        wrong["tot"] = speak.say(_REVERSED)
    if wrong:
        b = Moment(at, at, at)
        return Span(moment_from(f"{day_of(at) - timedelta(BACK)}", None, at), b, typed, wrong)
    return Span(sides[1], sides[0], typed, {})


async def _told(session: AsyncSession, rows: Iterable[Row[Any]], speak: Words) -> list[tuple[EntrySeen, Act]]:
    entries = [
        (row, EntrySeen(row.id, row.at, row.actor, row.verb, row.facts,
                        tuple((kind, UUID(subject)) for kind, subject in row.subjects or ()), row.texts))
        for row in rows if row.verb in PUBLIC
    ]  # fmt: skip
    names = await names_of(session, {found for _, entry in entries for found in ids_in(entry).values()})
    told = []
    for row, entry in entries:
        said = sentence(entry, PUBLIC[entry.verb], names, speak)
        if said is not None:
            effect = row.effect if row.effect != day_of(entry.at) else None
            told.append((entry, Act(day_of(entry.at), said, effect, row.proposal, row.number)))
    return told


def _did(entry: EntrySeen, one: Changed) -> bool:
    """Whether this act is one of those that changed this thing; what happened to a role is not told again of its team."""
    kind = {"rol": "role", "afspraak": "policy"}.get(one.kind, "team")
    return (kind, one.id) in entry.subjects and (kind != "team" or entry.verb.split(".")[0] in ("team", "person"))


def _grouped(changes: list[tuple[Changed, list[Act]]]) -> list[tuple[str, list[tuple[Changed, list[Act]]]]]:
    heads = (("team", N_("Teams")), ("rol", N_("Rollen")), ("afspraak", N_("Afspraken")))
    grouped = ((head, [pair for pair in changes if pair[0].kind == kind]) for kind, head in heads)
    return [(head, of) for head, of in grouped if of]


def _policy_kind(speak: Words) -> Callable[[str], str]:
    def said(kind: str) -> str:
        return speak.say(_KINDS.get(kind.split(":")[0]) or kind)

    return said


router = Router(path="/", route_handlers=[organisation, team, role])

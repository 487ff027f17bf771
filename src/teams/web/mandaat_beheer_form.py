"""The form of a grant: what was typed as the fields of `MandaatForm`, a stored grant as it would be typed, and what there is to choose."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from teams.http.wants import Page
from teams.journal.models import Actor
from teams.kit.clock import day_of
from teams.kit.errors import Conflict, Invalid, NotAllowed, NotFound, Reason, Refusal
from teams.kit.text import N_
from teams.mandates.actions.authority import may_change
from teams.mandates.queries.entry import FEW, MOST, handed_on, holder_of, organs, roles_found, typed_parties
from teams.mandates.queries.frameworks import framework_titles
from teams.mandates.queries.parties import party_names, read_party
from teams.mandates.queries.posts import posts_of
from teams.mandates.queries.powers import PowerSeen, power_list
from teams.mandates.queries.register import GrantSeen
from teams.mandates.terms import PartyKind
from teams.structure.moment import Moment
from teams.web.forms import Fields, iso_date
from teams.web.pages import sentences, steps

FIELDS = (
    "nummer", "codes", "bevoegdheid", "bereik", "soorten", "gever", "ouder", "ontvangerSoort", "ontvanger", "ontvangerKeuze",
    "grens", "grensBasis", "ondermandaat", "ondermandaatAan", "voorwaarden", "instructies", "vorm", "zaak", "mondeling",
    "instemmingOntvangerOp", "instemmingWerkgeverOp", "kader", "opmerkingen", "van", "tot", "versie", "stond", "verzoek",
)  # fmt: skip
KINDS = {
    "mandaat": N_("Mandaat: besluiten nemen"), "volmacht": N_("Volmacht: overeenkomsten aangaan"),
    "machtiging": N_("Machtiging: feitelijk handelen"), "ondertekening": N_("Alleen ondertekenen"),
    "delegatie": N_("Delegatie: naar een ander orgaan"),
}  # fmt: skip
HOLDERS = {
    PartyKind.ROLE.value: N_("Rol in een team"), PartyKind.OFFICE.value: N_("Functie"), PartyKind.ORGAN.value: N_("Bestuursorgaan"),
    PartyKind.PERSON.value: N_("Persoon (e-mailadres)"), PartyKind.EXTERNAL.value: N_("Buiten de gemeente"),
}  # fmt: skip
BASES = {
    "per_besluit": N_("per besluit"), "excl_btw": N_("zonder btw, hele looptijd"),
    "totale_waarde": N_("totale waarde, met opties"), "per_jaar": N_("per jaar"), "per_zaak": N_("per zaak"),
}  # fmt: skip
IDS = {"bevoegdheden": "codes", "allesBehalve": "codes", "opSchrift": "mondeling"}
POWERS = 120
ORDER = ("gever", "ouder", "soorten", "ontvanger", "codes", "grens", "van", "tot")
_MULTIPLE = ("bevoegdheid", "soorten", "gever")
_MANY = N_("Er zijn meer rollen met deze woorden. Kies er een.")
_NONE = N_("Deze rol vinden we niet. Schrijf de naam van de rol, of TEAM/ROL.")
_NO_RIGHT = N_("Mandaten voert in: de gemeentesecretaris, een bestuurder voor het eigen orgaan, en wie zijn mandaat mag doorgeven.")  # fmt: skip


@dataclass
class Choices:
    """`givers` and `found`: party and name; `many`: powers are typed. `handing`: numbers that may be handed on, with who has them. What is more than one
    chooses from is not offered: it is typed, and the roles that were found are then offered."""

    givers: list[tuple[str, str]]
    handing: list[tuple[str, str]]
    powers: list[PowerSeen]
    roles: list[str]
    offices: list[str]
    frameworks: list[tuple[str, str]] = field(default_factory=list)
    found: list[tuple[str, str]] = field(default_factory=list)
    many: bool = False


@dataclass(frozen=True)
class Desk:
    """As whom somebody enters grants; `every`: for any organ."""

    every: bool
    posts: frozenset[str]

    @property
    def organs(self) -> frozenset[str]:
        return frozenset(post.removeprefix("orgaan:") for post in self.posts if post.startswith("orgaan:"))

    def decides_for(self, organ: str) -> bool:
        return self.every or organ in self.organs


def by_of(request: Page, me: Any) -> Actor:
    actor: Actor = me.actor(request.scope["state"]["request_id"], request.scope["state"]["address"])
    return actor


async def desk_of(session: AsyncSession, by: Actor, at: datetime) -> Desk | None:
    """None for who enters nothing: the system administrator, and who has nothing to give."""
    if by.has("beheer"):
        return None
    if by.has("secretaris"):
        return Desk(True, await posts_of(session, by, at))
    posts = await posts_of(session, by, at)
    if any(post.startswith("orgaan:") for post in posts) or await handed_on(session, posts, every=False, at=at, most=1):
        return Desk(False, posts)
    return None


async def desk_for(session: AsyncSession, by: Actor, at: datetime) -> Desk:
    found = await desk_of(session, by, at)
    if found is None:
        raise NotFound(Reason("geen_recht", _NO_RIGHT))
    return found


async def may(session: AsyncSession, grantors: Any, by: Actor, at: datetime) -> bool:
    """Whether this person may change a grant of these givers."""
    try:
        await may_change(session, [party.text for party in grantors], every=False, by=by, at=at)
    except NotAllowed:
        return False
    return True


def _few(rows: list[Any]) -> list[Any]:
    return rows if len(rows) <= FEW else []


async def choices(session: AsyncSession, desk: Desk | None, moment: Moment) -> Choices:
    every, posts = (desk.every, desk.posts) if desk else (False, frozenset[str]())
    handing = await handed_on(session, posts, every=every, at=moment.op, most=FEW + 1 if every else MOST)
    held = {row.holder for row in handing if row.holder in posts}
    handing = _few(handing)
    names = await party_names(session, {*held, *(row.holder for row in handing)}, moment)
    givers = [(f"orgaan:{code}", name) for code, name in await organs(session) if every or f"orgaan:{code}" in posts]
    givers += [(party, names[party].name) for party in sorted(held)]
    powers, more = await power_list(session, moment, limit=POWERS)
    roles = _few(await roles_found(session, "", moment.op, most=FEW + 1))
    return Choices(
        givers, [(row.number, names[row.holder].name) for row in handing], [] if more else powers, [role.typed for role in roles],
        sorted({role.office for role in roles if role.office}), sorted(await framework_titles(session, moment)),
        many=more is not None,
    )  # fmt: skip


async def values_of(
    session: AsyncSession, fields: Fields, at: datetime, found: list[tuple[str, str]]
) -> dict[str, Any]:
    """What was typed, as the fields of the form. `found`: gets the roles among which must be chosen."""
    fields.only(*FIELDS)
    powers = list(dict.fromkeys([*fields.many("bevoegdheid"), *re.split(r"[\s,;|]+", fields.one("codes").strip())]))
    powers = [code for code in powers if code]
    parent, sub = fields.one("ouder"), fields.one("ondermandaat") or "nee"
    wrong: dict[str, Reason] = {}
    givers = fields.many("gever") or [
        party for party in [await holder_of(session, parent) if parent else None] if party
    ]
    chosen = fields.one("ontvangerKeuze") if fields.one("ontvangerSoort") in ("", "rol") else ""
    holder = chosen or await _holder(session, fields, at, found, wrong)
    if wrong:
        raise Invalid(wrong)
    values: dict[str, Any] = {
        "nummer": fields.one("nummer"), "soorten": fields.many("soorten"), "gever": givers, "ouder": parent, "ontvanger": holder,
        "grens": fields.one("grens"), "grensBasis": fields.one("grensBasis") or "per_besluit",
        "ondermandaat": f"alleen_aan:{fields.one('ondermandaatAan')}" if sub == "alleen_aan" else sub,
        "voorwaarden": _lines(fields, "voorwaarden"), "instructies": _lines(fields, "instructies"),
        "vorm": fields.one("vorm") or "algemeen", "zaak": fields.one("zaak"), "opSchrift": fields.one("mondeling") != "1",
        "opmerkingen": fields.one("opmerkingen"), "kader": fields.one("kader"),
        **{day: iso_date(fields.one(day)) for day in ("van", "tot", "instemmingOntvangerOp", "instemmingWerkgeverOp")},
    }  # fmt: skip
    values["allesBehalve" if fields.one("bereik") == "alles_behalve" else "bevoegdheden"] = powers
    return {name: value for name, value in values.items() if value is not None}


async def _holder(
    session: AsyncSession, fields: Fields, at: datetime, found: list[tuple[str, str]], wrong: dict[str, Reason]
) -> str:
    kind, typed = fields.one("ontvangerSoort") or "rol", fields.one("ontvanger")
    if kind != "rol" or not typed or await read_party(session, f"rol:{typed}"):
        return f"{kind}:{typed}" if typed else ""
    roles = await roles_found(session, typed, at, most=8)
    if len(roles) == 1:
        return f"rol:{roles[0].id}"
    found += [(f"rol:{role.id}", f"{role.name}, {role.team}") for role in roles]
    wrong["ontvanger"] = Reason("ontvanger", _MANY if roles else _NONE)
    return ""


def _lines(fields: Fields, name: str) -> list[str]:
    return [line.strip() for line in fields.one(name).splitlines() if line.strip()]


def typed_fields(fields: Fields) -> dict[str, Any]:
    return {**fields.typed(), **{name: fields.many(name) for name in _MULTIPLE}}


async def typed_grant(session: AsyncSession, g: GrantSeen) -> dict[str, Any]:
    """A grant as it would have been typed."""
    parties = await typed_parties(session, {g.holder.text, *(p.text for p in g.sub_only_to)})

    def day(at: datetime | None) -> str:
        return f"{day_of(at):%d-%m-%Y}" if at else ""

    codes = g.powers if g.all_except is None else g.all_except
    return {
        "nummer": g.number, "bevoegdheid": [], "codes": " ".join(code for code, _ in codes),
        "bereik": "deze" if g.all_except is None else "alles_behalve", "soorten": list(g.kinds),
        "gever": [p.text for p in g.grantors], "ouder": g.parent or "", "ontvangerSoort": g.holder.kind.value,
        "ontvanger": parties[g.holder.text], "grens": _amount(g.ceiling), "grensBasis": g.base,
        "ondermandaat": str(g.sub_depth) if g.sub == "diepte" else g.sub,
        "ondermandaatAan": "|".join(f"{p.kind.value}:{parties[p.text]}" for p in g.sub_only_to),
        "voorwaarden": "\n".join(g.conditions), "instructies": "\n".join(g.instructions), "vorm": g.form,
        "zaak": g.case or "", "mondeling": "" if g.written else "1", "opmerkingen": g.remarks, "kader": g.framework or "",
        "instemmingOntvangerOp": day(g.consent_holder_on), "instemmingWerkgeverOp": day(g.consent_employer_on),
        "van": day(g.starts), "tot": day(g.ends - timedelta(microseconds=1)) if g.ends else "", "versie": g.version,
    }  # fmt: skip


def _amount(cents: int | None) -> str:
    return "" if cents is None else f"{cents // 100},{cents % 100:02d}"


def refused(request: Page, refusal: Refusal | None) -> dict[str, Any]:
    """What a page shows of a refusal: faults at their fields, else the reasons and the next steps."""
    if refusal is None:
        return {"fouten": {}, "redenen": [], "vervolg": []}
    texts = sentences(request, refusal.reasons)
    if not isinstance(refusal, Invalid):
        return {"fouten": {}, "redenen": texts, "vervolg": steps(request, refusal.then)}
    faults = {IDS.get(name, name): text for name, text in zip(refusal.fields, texts, strict=True)}
    ordered = sorted(faults.items(), key=lambda fault: ORDER.index(fault[0]) if fault[0] in ORDER else 99)
    return {"fouten": dict(ordered), "redenen": [], "vervolg": []}


def same_version(fields: Fields, now: str) -> None:
    """A form that was read before somebody else changed the grant is stale."""
    if fields.one("versie") != now:
        raise Conflict(
            Reason("verouderd", N_("Iemand anders veranderde dit mandaat intussen. Kijk eerst wat er nu staat."))
        )

"""Reading and writing the versions of grants: what is known now, what the form says, what the rules say, the entry of the act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.batch import Batch, known
from teams.journal.models import Actor, Note, record_many
from teams.kit.clock import start_of
from teams.kit.errors import Conflict, Invalid, NextStep, NotFound, Reason
from teams.kit.history import Span, at_moment
from teams.kit.text import N_
from teams.mandates.check import check_grant
from teams.mandates.facts import Grant, Party, Submandate
from teams.mandates.facts import Span as Period
from teams.mandates.forms import MandaatForm
from teams.mandates.models import GrantVersion
from teams.mandates.queries import rows as to
from teams.mandates.queries.facts import facts_around
from teams.mandates.queries.parties import read_party
from teams.mandates.terms import Base, Form, Kind, PartyKind, Sub

_FRAMEWORK = text("select id from framework where code = :code")
_BY_NUMBER = text("select id, number from power_grant where number = any(:numbers)")
_BY_ID = text("select number from power_grant where id = :id")
LINKS = text(
    """
    select g.id, g.number || '@' || v.hash as link from power_grant g join grant_version v on v.grant_id = g.id
    where g.id = any(:ids) and upper_inf(v.recorded) order by lower(v.valid)
    """
)
Timeline = list[Span[datetime]]
_UNKNOWN_PARTY = N_("Deze gever of ontvanger kennen we niet.")


@dataclass(frozen=True)
class Known:
    """A grant as known now, with all its periods."""

    id: UUID
    number: str
    timeline: Timeline

    def at(self, at: datetime) -> Mapping[str, Any]:
        """What it says at the moment, or on its first day when that has yet to come, or on its last."""
        found = at_moment(self.timeline, at) or (self.timeline[0] if at < self.timeline[0].start else self.timeline[-1])
        return found.fields

    @property
    def drafted(self) -> bool:
        return all(span.fields["decided_on"] is None and span.fields["withdrawn_at"] is None for span in self.timeline)


async def known_grant(session: AsyncSession, number: str) -> Known:
    return (await known_grants(session, [number]))[0]


async def known_grants(session: AsyncSession, numbers: list[str]) -> list[Known]:
    """As known now, in the order asked; `NotFound` names the first that does not exist."""
    ids = await ids_of(session, numbers)
    found = await known(session, GrantVersion, lambda f: f["grant_id"], GrantVersion.grant_id.in_(ids.values()))
    for number in numbers:
        if not found.get(ids.get(number)):
            raise NotFound(
                Reason("onbekend", N_("Het mandaat {number} staat niet in het register."), {"number": number}),
                then=(NextStep(N_("Bekijk het register."), "/mandaten"),),
            )
    return [Known(ids[number], number, found[ids[number]]) for number in numbers]


async def change_all(
    session: AsyncSession,
    verb: str,
    grants: list[Known],
    change: dict[str, Any],
    *,
    by: Actor,
    at: datetime,
    check: bool = True,
) -> None:
    """The same change on every period; the law's rules are laid beside each grant again."""
    batch, changed = Batch(), []
    for grant in grants:
        new = Known(grant.id, grant.number, [Span({**s.fields, **change}, s.start, s.end) for s in grant.timeline])
        for span in new.timeline if check else ():
            await checked(session, grant.number, dict(span.fields), span.start, span.end, at=at)
        batch.rewrite(GrantVersion, grant.timeline, new.timeline)
        changed.append(new)
    await write_grants(session, batch, verb, changed, by=by)


async def write_grants(session: AsyncSession, batch: Batch, verb: str, grants: list[Known], *, by: Actor) -> None:
    await batch.write(session, by=by)
    links = {row.id: row.link for row in await session.execute(LINKS, {"ids": [grant.id for grant in grants]})}
    await record_many(session, [_note(verb, grant, links[grant.id]) for grant in grants], by=by)


def _note(verb: str, grant: Known, link: str) -> Note:
    fields = grant.timeline[-1].fields
    holder = to.party(fields["holder"])
    about = [("grant", grant.id)]
    if holder.kind in (PartyKind.ROLE, PartyKind.PERSON):
        about.append(("role" if holder.kind is PartyKind.ROLE else "person", UUID(holder.id)))
    facts = {
        "number": grant.number, "link": link, "powers": fields["powers"], "all_except": fields["all_except"],
        "kinds": fields["kinds"], "grantors": fields["grantors"], "holder": fields["holder"], "ceiling": fields["ceiling"],
        **{name: fields[name].isoformat() for name in ("decided_on", "published_on", "withdrawn_at") if fields[name]},
    }  # fmt: skip
    texts = {name: fields[name] for name in ("decision", "publication", "withdrawal") if fields[name]}
    return Note(verb, tuple(about), facts, texts, accountable=True)


async def checked(
    session: AsyncSession, number: str, fields: dict[str, Any], start: datetime, end: datetime | None, *, at: datetime
) -> None:
    """Every rule that this grant would break, at once (M01-M08, M11, M12)."""
    parent = await session.scalar(_BY_ID, {"id": fields["parent_id"]}) if fields["parent_id"] else None
    draft = Grant(
        number, frozenset(map(Kind, fields["kinds"])), tuple(map(to.party, fields["grantors"])),
        to.party(fields["holder"]), parent, frozenset(fields["powers"]),
        None if fields["all_except"] is None else frozenset(fields["all_except"]), fields["ceiling"],
        Base(fields["base"]),
        Submandate(Sub(fields["sub"]), fields["sub_depth"], frozenset(map(to.party, fields["sub_only_to"]))),
        tuple(map(to.condition, fields["conditions"])), tuple(fields["instructions"]), Form(fields["form"]),
        fields["case_number"], fields["written"], fields["decided_on"], fields["published_on"], fields["publication"],
        fields["consent_holder_on"], fields["consent_employer_on"], Period(start, end),
    )  # fmt: skip
    reasons = check_grant(await facts_around(session, draft, at), draft, at=at)
    if reasons:
        raise Conflict(*reasons, then=(NextStep(N_("Pas het mandaat aan, of overleg met het orgaan."), "/mandaten"),))


async def columns_of(session: AsyncSession, form: MandaatForm) -> dict[str, Any]:
    """The form as columns of a version; `Invalid` on who or what is not known."""
    wrong: dict[str, Reason] = {}

    async def parties(field: str, typed: list[str]) -> list[str]:
        found: list[Party | None] = [await read_party(session, line) for line in typed]
        if None in found:
            wrong[field] = Reason(field, _UNKNOWN_PARTY)
        return sorted({to.party_text(party) for party in found if party is not None})

    grantors, holder = await parties("gever", form.gever), await parties("ontvanger", [form.ontvanger])
    only_to = await parties("ondermandaat", list(form.ondermandaat.only_to))
    parent = (await ids_of(session, [form.ouder])).get(form.ouder) if form.ouder else None
    if form.ouder and parent is None:
        wrong["ouder"] = Reason("ouder", N_("Het mandaat {number} staat niet in het register."), {"number": form.ouder})
    framework = await session.scalar(_FRAMEWORK, {"code": form.kader}) if form.kader else None
    if form.kader and framework is None:
        wrong["kader"] = Reason("kader", N_("Het kader {code} staat niet in het register."), {"code": form.kader})
    if wrong:
        raise Invalid(wrong)
    return {
        "kinds": sorted(form.soorten), "grantors": grantors, "holder": holder[0], "parent_id": parent,
        "powers": sorted(set(form.bevoegdheden)),
        "all_except": None if form.allesBehalve is None else sorted(set(form.allesBehalve)),
        "ceiling": form.grens, "base": form.grensBasis, "sub": form.ondermandaat.kind,
        "sub_depth": form.ondermandaat.depth, "sub_only_to": only_to, "conditions": list(form.voorwaarden),
        "instructions": list(form.instructies), "form": form.vorm, "case_number": form.zaak, "written": form.opSchrift,
        "framework_id": framework, "remarks": form.opmerkingen or "", "decided_on": None, "decision": "", "published_on": None,
        "publication": "", "publication_uri": "",
        "consent_holder_on": start_of(form.instemmingOntvangerOp) if form.instemmingOntvangerOp else None,
        "consent_employer_on": start_of(form.instemmingWerkgeverOp) if form.instemmingWerkgeverOp else None,
        "withdrawn_at": None, "withdrawal": "",
    }  # fmt: skip


async def ids_of(session: AsyncSession, numbers: list[str]) -> dict[str | None, UUID]:
    return {row.number: row.id for row in await session.execute(_BY_NUMBER, {"numbers": numbers})}

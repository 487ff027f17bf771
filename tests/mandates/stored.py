"""Puts a register made for the pure engine into the database, with ids as the database has them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import asyncpg

from teams.kit.clock import start_of
from teams.mandates.facts import Facts, Filling, Grant, Member, Party, Settings, Span, Trigger
from teams.mandates.queries.rows import organ, party_text
from teams.mandates.question import Question
from teams.mandates.terms import Kind, PartyKind, TriggerKind
from tests.world import START, World

EARLY = start_of(date(2001, 1, 1))
TOWN = "Zandermeer"
ORGANS = {
    "raad": "Gemeenteraad", "college": "College van B en W", "burgemeester": "Burgemeester",
    "heffingsambtenaar": "Heffingsambtenaar",
}  # fmt: skip


def uid(name: str) -> str:
    return str(uuid5(NAMESPACE_OID, name))


def storable(facts: Facts) -> bool:
    """The database itself refuses a circle, and delegation to a subordinate."""
    above = {g.number: g.parent for g in facts.grants}
    for number in above:
        seen, one = [number], above[number]
        while one is not None and one not in seen:
            seen.append(one)
            one = above.get(one)
        if one is not None:
            return False
    return not any(Kind.DELEGATION in g.kinds and g.holder.kind is not PartyKind.ORGAN for g in facts.grants)


def as_stored(facts: Facts) -> Facts:
    """The same register with the database's ids; no earlier decisions, and periods that begin somewhere."""
    return replace(
        facts,
        powers=tuple(
            replace(
                p, organs=tuple(map(_organ, p.organs)), only_to=frozenset(map(_party, p.only_to)),
                bases=tuple(replace(b, valid=_begun(b.valid)) for b in p.bases),
            )
            for p in facts.powers
        ),
        organs=tuple(organ(_organ(o.id), ORGANS[_organ(o.id)], TOWN) for o in facts.organs),
        grants=tuple(map(_grant, facts.grants)),
        exclusions=tuple(replace(x, valid=_begun(x.valid), recorded=_begun(x.recorded)) for x in facts.exclusions),
        roles=tuple(replace(r, id=uid(r.id), office=_office(r)) for r in facts.roles),
        people=tuple(replace(p, id=uid(p.id)) for p in facts.people),
        fillings=_apart(replace(f, role=uid(f.role), person=uid(f.person), **_spans(f)) for f in facts.fillings),
        replacements=tuple(
            replace(s, role=uid(s.role), substitute=uid(s.substitute), **_spans(s)) for s in facts.replacements
        ),
        members=tuple(Member(_organ(m.organ), uid(m.person), Span(EARLY), Span(EARLY)) for m in facts.members),
        budgets=tuple(replace(b, recorded=_begun(b.recorded)) for b in facts.budgets),
        interests=tuple(replace(i, person=uid(i.person), recorded=_begun(i.recorded)) for i in facts.interests),
        earlier=(),
        taken_back=tuple(replace(t, recorded=_begun(t.recorded)) for t in facts.taken_back),
        claims=tuple(
            replace(c, person=uid(c.person), valid=Span(EARLY))
            for c in {c.person: c for c in facts.claims}.values()
        ),
        settings=Settings(municipality=TOWN),
    )  # fmt: skip


def as_asked(q: Question) -> Question:
    taken = q.contested.taken_by if q.contested else None
    contested = replace(q.contested, taken_by=frozenset(map(uid, taken))) if q.contested and taken else q.contested
    ids = {
        name: uid(getattr(q, name))
        for name in ("person", "role", "reporter", "complained_of", "second")
        if getattr(q, name)
    }
    return replace(q, contested=contested, **ids)


async def store(owner: asyncpg.Connection, facts: Facts) -> Facts:
    """Written by the owner, so that it may have been known in the past. Returns the facts with the versions' fingerprints."""
    await owner.execute("insert into organisation (name) values ($1)", f"gemeente {TOWN}")
    async with owner.transaction():
        await _structure(owner, facts)
        await _powers(owner, facts)
        await _grants(owner, facts)
        await _around(owner, facts)
    rows = await owner.fetch("select id, hash from grant_version")
    hashes = {str(row["id"]): row["hash"] for row in rows}
    return replace(facts, grants=tuple(replace(g, version=hashes[g.version]) for g in facts.grants))


async def _structure(owner: asyncpg.Connection, facts: Facts) -> None:
    await owner.executemany(
        "insert into organ (code, name) values ($1, $2)", [(o.id, ORGANS[o.id]) for o in facts.organs]
    )
    for team in {r.team for r in facts.roles}:
        id_ = await owner.fetchval("insert into team (code) values ($1) returning id", team)
        for role in (r for r in facts.roles if r.team == team):
            await owner.execute("insert into role (id) values ($1)", UUID(role.id))
            await owner.execute(
                "insert into role_version (role_id, team_id, name, office, valid, recorded)"
                " values ($1, $2, $3, $4, daterange($5, null), tstzrange($5::date::timestamptz, null))",
                UUID(role.id), id_, role.name, role.office, EARLY.date(),
            )  # fmt: skip
    await owner.executemany(
        "insert into person (id, number, name, email) values ($1, $2, $3, $2)",
        [(UUID(p.id), p.id, p.name) for p in facts.people],
    )
    await owner.executemany(
        "insert into role_filling (role_id, person_id, valid, recorded) values ($1, $2, tstzrange($3, $4), tstzrange($5, $6))",
        [(UUID(f.role), UUID(f.person), *_both(f)) for f in facts.fillings],
    )
    await owner.executemany(
        "insert into organ_member (organ_id, person_id, valid, recorded)"
        " select id, $2, daterange($3, null), tstzrange($3::date::timestamptz, null) from organ where code = $1",
        [(m.organ, UUID(m.person), EARLY.date()) for m in facts.members],
    )


async def _powers(owner: asyncpg.Connection, facts: Facts) -> None:
    for p in facts.powers:
        id_ = await owner.fetchval("insert into power (code) values ($1) returning id", p.code)
        await owner.execute(
            "insert into power_version (power_id, title, act, organs, mandatable, only_to, mandatable_source, specials,"
            " ceiling_base, four_eyes, external_by_law, asks, confidential, recording, valid, recorded)"
            " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, tstzrange($15, null), tstzrange($15, null))",
            id_, p.title, p.act, list(p.organs), p.mandatable, list(map(party_text, p.only_to)), p.mandatable_source,
            list(p.specials), p.ceiling_base, p.four_eyes_above, p.external_by_law, list(p.asks), p.confidential,
            p.recording, EARLY,
        )  # fmt: skip
        await owner.executemany(
            "insert into power_basis (power_id, text, valid, recorded) values ($1, $2, tstzrange($3, $4), tstzrange($5, null))",
            [(id_, b.text, b.valid.start, b.valid.end, EARLY) for b in p.bases],
        )


async def _grants(owner: asyncpg.Connection, facts: Facts) -> None:
    numbers = {g.number for g in facts.grants} | {g.parent for g in facts.grants if g.parent}
    numbers |= {x.grant for x in facts.exclusions if x.grant} | {t.grant for t in facts.taken_back}
    await owner.executemany(
        "insert into power_grant (id, number) values ($1, $2)", [(UUID(uid(f"g{n}")), n) for n in numbers]
    )
    await owner.executemany(
        "insert into grant_version (id, grant_id, kinds, grantors, holder, parent_id, powers, all_except, ceiling, base, sub,"
        " sub_depth, sub_only_to, conditions, instructions, form, case_number, written, decided_on, published_on, publication,"
        " consent_holder_on, consent_employer_on, withdrawn_at, valid, recorded) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,"
        " $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, tstzrange($25, $26), tstzrange($27, $28))",
        [
            (
                UUID(g.version), UUID(uid(f"g{g.number}")), list(g.kinds), list(map(party_text, g.grantors)), party_text(g.holder),
                UUID(uid(f"g{g.parent}")) if g.parent else None, list(g.powers),
                None if g.all_except is None else list(g.all_except), g.ceiling, g.base, g.sub.kind, g.sub.depth,
                list(map(party_text, g.sub.only_to)), [c.text for c in g.conditions], list(g.instructions), g.form, g.case,
                g.written, g.decided_on, g.published_on, g.publication, g.consent_holder_on, g.consent_employer_on,
                g.withdrawn_at, *_both(g),
            )
            for g in facts.grants
        ],
    )  # fmt: skip


async def _around(owner: asyncpg.Connection, facts: Facts) -> None:
    await owner.executemany(
        "insert into power_exclusion (power_id, grant_id, rule, triggers, source, valid, recorded)"
        " select id, $2, $3, $4, $5, tstzrange($6, $7), tstzrange($8, $9) from power where code = $1",
        [(x.power, UUID(uid(f"g{x.grant}")) if x.grant else None, x.rule, [_typed(t) for t in x.triggers], x.source, *_both(x))
         for x in facts.exclusions],
    )  # fmt: skip
    await owner.executemany(
        "insert into replacement (role_id, person_id, reason, decision, valid, recorded)"
        " values ($1, $2, $3, $4, tstzrange($5, $6), tstzrange($7, $8))",
        [(UUID(s.role), UUID(s.substitute), s.reason, s.decision, *_both(s)) for s in facts.replacements],
    )
    await owner.executemany(
        "insert into budget (code, year, name, amount, powers, recorded) values ($1, $2, $3, $4, $5, tstzrange($6, $7))",
        [(b.code, b.year, b.name, b.left, list(b.powers), b.recorded.start, b.recorded.end) for b in facts.budgets],
    )
    await owner.executemany(
        "insert into interest (person_id, about, kind, recorded) values ($1, $2, $3, tstzrange($4, $5))",
        [(UUID(i.person), i.about, i.kind, i.recorded.start, i.recorded.end) for i in facts.interests],
    )
    await owner.executemany(
        "insert into taken_back (grant_id, case_number, taken_by, at, recorded) values ($1, $2, $3, $4, tstzrange($5, $6))",
        [(UUID(uid(f"g{t.grant}")), t.case, t.by, t.at, t.recorded.start, t.recorded.end) for t in facts.taken_back],
    )
    for number, c in enumerate(facts.claims):
        klus = await owner.fetchval(
            "insert into klus (title, kind, way, state, team_id, posted_by, places, starts, hours_total, powers)"
            " select $1, 'klus', 'claim', 'open', t.id, $2, 1, $3, 4, $4 from team t limit 1 returning id",
            c.klus, UUID(c.person), EARLY.date(), list(c.powers),
        )  # fmt: skip
        await owner.execute(
            "insert into claim (klus_id, person_id, state, seat, hours, at) values ($1, $2, 'lopend', 1, 4, $3)",
            klus, UUID(c.person), EARLY + timedelta(days=number),
        )  # fmt: skip


def _grant(g: Grant) -> Grant:
    return replace(
        g, grantors=tuple(map(_party, g.grantors)), holder=_party(g.holder),
        sub=replace(g.sub, only_to=frozenset(map(_party, g.sub.only_to))), valid=_begun(g.valid),
        recorded=_begun(g.recorded), version=uid(f"v{g.number}{g.recorded}"),
    )  # fmt: skip


def _party(p: Party) -> Party:
    if p.kind in (PartyKind.ROLE, PartyKind.PERSON):
        return Party(p.kind, uid(p.id))
    return Party(p.kind, _organ(p.id)) if p.kind is PartyKind.ORGAN else p


def _organ(name: str) -> str:
    return "heffingsambtenaar" if name == "heffing" else name


def _office(role: Any) -> str | None:
    return "griffier" if role.outside else "controller" if role.control else role.office


def _begun(span: Span) -> Span:
    return Span(span.start or EARLY, span.end)


def _spans(row: Any) -> dict[str, Span]:
    return {"valid": _begun(row.valid), "recorded": _begun(row.recorded)}


def _both(row: Any) -> tuple[Any, ...]:
    return row.valid.start, row.valid.end, row.recorded.start, row.recorded.end


def _apart(rows: Iterable[Filling]) -> tuple[Filling, ...]:
    """One person fills a role once at a time."""
    kept: list[Filling] = []
    for row in rows:
        if not any((row.role, row.person) == (other.role, other.person) for other in kept):
            kept.append(row)
    return tuple(kept)


def _typed(t: Trigger) -> str:
    match t.kind:
        case TriggerKind.AMOUNT:
            return f"bedrag>{t.cents // 100},{t.cents % 100:02d}"
        case TriggerKind.DURATION:
            return f"duur>{t.hours}"
        case TriggerKind.ALWAYS:
            return "altijd"
        case _:
            return f"{t.kind}:{t.code}"


POWERS = (
    ("SUB-01", "Subsidie verlenen", ["college"], "ja", "aanvraag vereniging dansschool", "Awb 4:23"),
    ("SUB-02", "Subsidie vaststellen", ["college"], "ja", "", "Awb 4:42"),
    ("LEG-01", "Leges opleggen", ["heffingsambtenaar"], "ja", "", "Gemw 231"),
    ("BEZ-01", "Beslissen op bezwaar", ["college"], "nee", "", "Awb 7:11"),
)


async def with_powers(owner: asyncpg.Connection, world: World) -> World:
    """The town of all tests with four powers."""
    await owner.execute("insert into organ (code, name) values ('heffingsambtenaar', 'Heffingsambtenaar')")
    for code, title, organs, mandatable, keywords, basis in POWERS:
        power = await owner.fetchval("insert into power (code) values ($1) returning id", code)
        await owner.execute(
            "insert into power_version (power_id, title, organs, mandatable, keywords, valid, recorded) values"
            " ($1, $2, $3, $4, $5, tstzrange($6::date::timestamptz, null), tstzrange($6::date::timestamptz, null))",
            power, title, organs, mandatable, keywords, START,
        )  # fmt: skip
        await owner.execute(
            "insert into power_basis (power_id, text, valid, recorded) values"
            " ($1, $2, tstzrange($3::date::timestamptz, null), tstzrange($3::date::timestamptz, null))",
            power, basis, START,
        )  # fmt: skip
    return world

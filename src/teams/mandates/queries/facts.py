"""The facts that one question rests on, fetched in two queries whatever the size of the register."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.kit.clock import day_of
from teams.mandates.facts import Facts, Grant, Party, Power
from teams.mandates.queries import rows as to
from teams.mandates.question import Question
from teams.mandates.same import party_key
from teams.mandates.terms import ConditionKind, PartyKind

_SPAN = "'from', lower({0}.valid), 'until', upper({0}.valid)"
# `is true` keeps the index on periods out: nearly every row is known now, so it would read the whole register each time.
_KNOWN = "(range_contains_elem({0}.recorded, cast(:known as timestamptz))) is true"
# One by one by index, whatever the planner expects: so the cost does not grow with the register.
_VERSIONS = f"select v.* from grant_version v where v.grant_id = {{0}} and {_KNOWN.format('v')} offset 0"
GRANT = f"""'number', g.number, 'kinds', v.kinds, 'grantors', v.grantors, 'holder', v.holder, 'parent', p.number,
    'powers', v.powers, 'all_except', v.all_except, 'ceiling', v.ceiling, 'base', v.base, 'sub', v.sub,
    'sub_depth', v.sub_depth, 'sub_only_to', v.sub_only_to, 'conditions', v.conditions, 'instructions', v.instructions,
    'form', v.form, 'case', v.case_number, 'written', v.written, 'decided_on', v.decided_on,
    'published_on', v.published_on, 'publication', v.publication, 'consent_holder_on', v.consent_holder_on,
    'consent_employer_on', v.consent_employer_on, 'withdrawn_at', v.withdrawn_at, 'version', v.hash, {_SPAN.format("v")}"""

_REGISTER = text(
    f"""
    with recursive pw as (
        select w.id, w.code, v.title, v.act, v.organs, v.mandatable, v.only_to, v.mandatable_source, v.specials,
            v.ceiling_base, v.four_eyes, v.external_by_law, v.asks, v.confidential, v.recording
        from power w join power_version v on v.power_id = w.id
        where w.code = any(:codes) and {_KNOWN.format("v")} and (range_contains_elem(v.valid, cast(:moment as timestamptz))) is true
    ), rev(start, parent_id, grantors) as (
        select v.grant_id, v.parent_id, v.grantors from grant_version v
        where v.all_except is not null and {_KNOWN.format("v")} and :touching
        union
        select r.start, v.parent_id, v.grantors from rev r cross join lateral ({_VERSIONS.format("r.parent_id")}) v
    ), down(id) as (
        select id from power_grant where number = any(:numbers)
        union
        select v.grant_id from down d cross join lateral (
            select v.grant_id from grant_version v where v.parent_id = d.id and {_KNOWN.format("v")} offset 0) v
    ), up as (
        select v.* from (
            select grant_id as id from grant_version v where v.powers && cast(:codes as text[]) and {_KNOWN.format("v")} and :touching
            union
            select r.start from rev r where r.grantors && array(select 'orgaan:' || o from pw, unnest(pw.organs) o)
            union
            select id from down
        ) seed cross join lateral ({_VERSIONS.format("seed.id")}) v
        union
        select v.* from up u cross join lateral ({_VERSIONS.format("u.parent_id")}) v
    )
    select
        (select json_agg(json_build_object('code', code, 'title', title, 'act', act, 'organs', organs, 'mandatable', mandatable,
            'only_to', only_to, 'mandatable_source', mandatable_source, 'specials', specials, 'ceiling_base', ceiling_base,
            'four_eyes', four_eyes, 'external_by_law', external_by_law, 'asks', asks, 'confidential', confidential,
            'recording', recording, 'bases', (
                select coalesce(json_agg(json_build_array(b.text, lower(b.valid), upper(b.valid)) order by lower(b.valid), b.text), '[]')
                from power_basis b where b.power_id = pw.id and {_KNOWN.format("b")})) order by code) from pw) as powers,
        (select json_agg(json_build_object({GRANT}))
            from up v cross join lateral (select number from power_grant where id = v.grant_id offset 0) g
            left join lateral (select number from power_grant where id = v.parent_id offset 0) p on true) as grants,
        (select json_agg(json_build_object('power', pw.code, 'rule', x.rule, 'source', x.source, 'triggers', x.triggers,
            'grant', g.number, {_SPAN.format("x")}))
            from pw join power_exclusion x on x.power_id = pw.id left join power_grant g on g.id = x.grant_id
            where {_KNOWN.format("x")}) as exclusions,
        (select json_agg(json_build_object('code', b.code, 'name', b.name, 'year', b.year, 'powers', b.powers,
            'left', b.amount, 'holder', b.holder_id))
            from budget b where b.powers && cast(:codes as text[]) and {_KNOWN.format("b")}) as budgets,
        (select json_agg(json_build_object('person', i.person_id, 'about', i.about, 'kind', i.kind))
            from interest i where party_key(i.about) = any(:about) and {_KNOWN.format("i")}) as interests,
        (select json_agg(json_build_object('grant', g.number, 'case', t.case_number, 'by', t.taken_by, 'at', t.at))
            from taken_back t join power_grant g on g.id = t.grant_id
            where t.grant_id = any(array(select grant_id from up)) and {_KNOWN.format("t")}) as taken_back,
        (select json_agg(json_build_object('grant', g.number, 'by', c.asked_by, 'due', c.due, 'answered_at', c.answered_at))
            from information_call c join power_grant g on g.id = c.grant_id
            where c.grant_id = any(array(select grant_id from up)) and {_KNOWN.format("c")}) as calls,
        (select json_agg(json_build_object('person', k.person_id, 'klus', k.title, 'powers', k.powers, {_SPAN.format("k")}))
            from klus_powers k where k.person_id = :person and k.powers && cast(:codes as text[])) as claims,
        (select json_agg(json_build_object('code', code, 'name', name) order by code) from organ) as organs,
        (select name from organisation) as municipality,
        (select unpublished_refuses from register_setting
            where at <= least(cast(:moment as timestamptz), cast(:known as timestamptz)) order by at desc, id desc limit 1) as refuses
    """
)

_PEOPLE = text(
    f"""
    with ids as (
        select unnest(cast(:roles as uuid[])) as id
        union
        select v.role_id from role_version v where v.office = any(:offices) and {_KNOWN.format("v")}
        union
        select v.role_id from team t join role_version v on v.team_id = t.id
        where t.code = any(:teams) and t.code || '/' || v.name = any(:targets) and {_KNOWN.format("v")}
    ), r as (
        select ids.id, v.name, v.office, t.code as team from ids cross join lateral (
            (select v.name, v.office, v.team_id from role_version v
                where v.role_id = ids.id and {_KNOWN.format("v")} and v.valid @> cast(:day as date) limit 1)
            union all
            (select v.name, v.office, v.team_id from role_version v where v.role_id = ids.id and {_KNOWN.format("v")}
                order by lower(v.valid) <= cast(:day as date) desc, abs(lower(v.valid) - cast(:day as date)) limit 1)
            limit 1
        ) v join team t on t.id = v.team_id
    ), f as (
        select r.id as role_id, f.person_id, f.valid from r cross join lateral (
            select f.person_id, f.valid from role_filling f where f.role_id = r.id and {_KNOWN.format("f")} and (cast(:moment as timestamptz) is null
                or f.person_id = any(cast(:persons as uuid[])) or range_contains_elem(f.valid, cast(:moment as timestamptz))) offset 0) f
    ), s as (
        select s.role_id, s.person_id, s.reason, s.decision, s.valid
        from r join replacement s on s.role_id = r.id where {_KNOWN.format("s")}
    ), m as (
        select o.code, m.person_id, tstzrange(lower(m.valid)::timestamp at time zone 'Europe/Amsterdam',
            upper(m.valid)::timestamp at time zone 'Europe/Amsterdam') as valid
        from organ o join organ_member m on m.organ_id = o.id where o.code = any(:organs) and {_KNOWN.format("m")}
    )
    select
        (select json_agg(json_build_array(id, name, team, office)) from r) as roles,
        (select json_agg(json_build_array(role_id, person_id, lower(valid), upper(valid))) from f) as fillings,
        (select json_agg(json_build_array(role_id, person_id, reason, lower(valid), upper(valid), decision)) from s) as replacements,
        (select json_agg(json_build_array(code, person_id, lower(valid), upper(valid))) from m) as members,
        (select json_agg(json_build_array(x.id, p.name)) from (
            select person_id as id from f union select person_id from s union select person_id from m
            union select unnest(cast(:persons as uuid[]))) x
            cross join lateral (select name from person where id = x.id offset 0) p) as people
    """
)


async def facts_for(session: AsyncSession, q: Question) -> Facts:
    """What `answer(facts, q)` needs, as of `q.moment` and `q.known_at`: two queries. An unknown power gives no powers, and `answer` refuses."""
    persons = [p for p in (q.person, q.second, q.reporter, q.complained_of, *_takers(q)) if p is not None]
    about = [x for x in (q.case, q.counterparty) if x is not None]
    return await _fetch(
        session, [q.power], q.moment, q.known_at, persons=persons, about=about, person=q.person,
        roles=[q.role] if q.role else [], now=True,
    )  # fmt: skip


async def facts_for_many(session: AsyncSession, questions: Sequence[Question]) -> Facts:
    """What `answer(facts, q)` needs for questions about one power at one moment, as known at one moment: two queries.

    Claims on a klus (M30, a note) are left out."""
    first = questions[0]
    persons = {
        p for q in questions for p in (q.person, q.second, q.reporter, q.complained_of, *_takers(q)) if p is not None
    }
    about = {x for q in questions for x in (q.case, q.counterparty) if x is not None}
    return await _fetch(
        session, [first.power], first.moment, first.known_at, persons=sorted(persons), about=sorted(about),
        roles=sorted({q.role for q in questions if q.role}), now=True,
    )  # fmt: skip


def _takers(q: Question) -> frozenset[str]:
    return (q.contested.taken_by if q.contested else None) or frozenset()


async def facts_of_powers(session: AsyncSession, codes: Collection[str], moment: datetime, known: datetime) -> Facts:
    """The same for several powers at once, with who filled a role at any time."""
    return await _fetch(session, list(codes), moment, known)


async def facts_of_roles(
    session: AsyncSession,
    codes: Collection[str],
    numbers: Collection[str],
    moment: datetime,
    known: datetime,
    *,
    roles: Collection[str],
) -> Facts:
    """What these roles may by the grants that they hold (question 5): those `numbers` with what stands above and below them, for
    these powers. Of what others hold nothing: no rule about an office looks at it."""
    return await _fetch(session, list(codes), moment, known, numbers=numbers, roles=roles, touching=False, now=True)


async def facts_around(session: AsyncSession, grant: Grant, known: datetime) -> Facts:
    """What `check_grant` and `touched_by_withdrawal` need: the powers named, the grants above and below, the roles."""
    codes = [*grant.powers, *(grant.all_except or ())]
    numbers = [grant.number, *([grant.parent] if grant.parent else [])]
    parties = [grant.holder, *grant.grantors, *grant.sub.only_to]
    facts = await _fetch(session, codes, known, known, numbers=numbers, parties=parties, touching=False)
    in_order = sorted(facts.grants, key=lambda g: (g.valid.holds(known), g.valid.start or known))
    return replace(facts, grants=tuple(in_order))  # of several versions the one that holds is the last


async def _fetch(
    session: AsyncSession,
    codes: list[str],
    moment: datetime,
    known: datetime,
    *,
    numbers: Collection[str] = (),
    parties: Iterable[Party] = (),
    persons: Iterable[str] = (),
    about: Collection[str] = (),
    person: str | None = None,
    roles: Collection[str] = (),
    touching: bool = True,
    now: bool = False,
) -> Facts:
    """`now`: of who fills a role only those at the moment, and `persons`; who else once did changes no answer as of that moment."""
    values = {
        "codes": codes, "numbers": list(numbers), "moment": moment, "known": known, "about": sorted({party_key(name) for name in about}),
        "person": to.uuid(person), "touching": touching,
    }  # fmt: skip
    found = (await session.execute(_REGISTER, values)).one()
    powers = tuple(to.power(row, moment) for row in found.powers or ())
    grants = tuple(to.grant(row) for row in found.grants or ())
    interests = tuple(to.interest(row) for row in found.interests or ())
    near = _Near(powers, grants, parties)
    held = [party.id for party in near.of(PartyKind.PERSON)]
    people = (
        await session.execute(
            _PEOPLE,
            {
                "known": known, "day": day_of(moment), "moment": moment if now else None,
                "roles": to.uuids([*(p.id for p in near.of(PartyKind.ROLE)), *roles]),
                "offices": [*(p.id for p in near.of(PartyKind.OFFICE)), *to.CONTROL_OFFICES],
                "targets": near.targets, "teams": [target.partition("/")[0] for target in near.targets],
                "organs": [p.id for p in near.of(PartyKind.ORGAN)],
                "persons": to.uuids([*persons, *held, *(row.person for row in interests)]),
            },
        )
    ).one()  # fmt: skip
    municipality = to.municipality(found.municipality)
    return Facts(
        powers,
        tuple(to.organ(row["code"], row["name"], municipality) for row in found.organs or ()),
        grants,
        tuple(to.exclusion(row) for row in found.exclusions or ()),
        tuple(to.role(row) for row in people.roles or ()),
        tuple(to.person(row) for row in people.people or ()),
        tuple(to.filling(row) for row in people.fillings or ()),
        tuple(to.replacement(row) for row in people.replacements or ()),
        tuple(to.member(row) for row in people.members or ()),
        tuple(to.budget(row) for row in found.budgets or ()),
        interests,
        taken_back=tuple(to.taken_back(row) for row in found.taken_back or ()),
        calls=tuple(to.call(row) for row in found.calls or ()),
        claims=tuple(to.claim(row) for row in found.claims or ()),
        settings=to.settings(municipality, found.refuses),
    )


class _Near:
    """Everyone whom these powers and grants name."""

    def __init__(self, powers: Iterable[Power], grants: Iterable[Grant], parties: Iterable[Party]) -> None:
        found: set[Party] = set(parties)
        targets: set[str] = set()
        for power in powers:
            found |= power.only_to | {Party(PartyKind.ORGAN, organ) for organ in power.organs}
        for grant in grants:
            found |= {grant.holder, *grant.grantors, *grant.sub.only_to}
            targets |= {c.target for c in grant.conditions if c.kind in (ConditionKind.ADVICE, ConditionKind.CONSULT)}
        self._found = found
        self.targets = sorted(targets)

    def of(self, kind: PartyKind) -> list[Party]:
        return sorted(party for party in self._found if party.kind is kind)

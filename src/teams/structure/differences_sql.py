"""The statements behind differences: rows that hold at one of two moments only, their names, and the acts in between."""

from sqlalchemy import TextClause, text

SCOPES = ("organisatie", "team", "rol")
MOST = 400
VERBS = (
    "role.created", "role.changed", "role.ended", "role.moved", "role.filled", "role.filling_changed", "role.emptied", "team.created",
    "team.changed", "team.moved", "team.ended", "policy.created", "policy.changed", "policy.ended", "policy.moved",
    "person.home_team_changed", "person.home_team_ended", "person.left", "team.direction_set", "breakdown.declared", "breakdown.taken",
    "breakdown.ended",
)  # fmt: skip


def _side(alias: str, side: str, point: str = "day") -> str:
    kind = "date" if point == "day" else "timestamptz"
    return f"(range_contains_elem({alias}.recorded, cast(:known_{side} as timestamptz)) and range_contains_elem({alias}.valid, cast(:{point}_{side} as {kind})))"


def _part(kind: str, table: str, key: str, of: str, fields: str, point: str = "day", where: str = "true") -> str:
    """The rows that hold at exactly one of the two moments; of some tables the index tells which those are."""
    a, b = _side("x", "a", point), _side("x", "b", point)
    differs = f"({a}) <> ({b}) and {where}"
    if table in _TOLD_BY_INDEX and where != "true":
        differs = f"x.id = any(array(select x.id from {table} x where {differs}))"
    return f"""
    select '{kind}' as kind, {key} as key, x.{of} as owner, {a} as before, {fields} as fields
    from {table} x where {differs}"""


_EITHER = f"({_side('v', 'a')} or {_side('v', 'b')})"
_OF_TEAM = f"array(select v.role_id from role_version v where v.team_id = :scope and {_EITHER})"
_LAST = "((upper(x.valid) - interval '1 microsecond') at time zone 'Europe/Amsterdam')::date"
_OBJECT = "jsonb_build_object({})"
_ROLE = _OBJECT.format("'team_id', x.team_id, 'name', x.name, 'purpose', x.purpose, 'core', x.core, 'office', x.office")
_TEAM = _OBJECT.format("'name', x.name, 'purpose', x.purpose, 'cluster', x.cluster, 'parent', x.parent_id")
_ITEM = _OBJECT.format("'kind', x.kind, 'text', x.text, 'position', x.position")
_FILLING = _OBJECT.format(f"'person', x.person_id, 'focus', x.focus, 'elected', x.elected, 'until', {_LAST}")
_POLICY = _OBJECT.format("'kind', x.kind, 'title', x.title, 'text', x.text, 'team_id', x.team_id")
_POLICIES = "(select p.*, y.team_id from policy_version p join policy y on y.id = p.policy_id)"
_TOLD_BY_INDEX = ("role_version", "role_filling", _POLICIES)
_DIRECTION = _OBJECT.format("'kind', x.kind, 'text', x.text, 'position', x.position, 'role_id', x.role_id")
_DIRECTIONS = "(select v.*, d.team_id from direction_version v join direction d on d.id = v.direction_id)"
_ALL = (
    ("team", "team_version", "x.team_id::text", "team_id", _TEAM, "day"),
    ("role", "role_version", "x.role_id::text", "role_id", _ROLE, "day"),
    ("item", "role_item", "x.item_id::text", "role_id", _ITEM, "day"),
    ("filling", "role_filling", "x.person_id::text", "role_id", _FILLING, "op"),
    ("policy", _POLICIES, "x.policy_id::text", "policy_id", _POLICY, "day"),
    ("home", "home_team", "x.person_id::text", "team_id", _OBJECT.format("'person', x.person_id"), "day"),
    ("direction", _DIRECTIONS, "x.direction_id::text", "team_id", _DIRECTION, "day"),
)
_WHERE = {
    "organisatie": {"home": "false"},
    "team": {
        "team": "(x.team_id = :scope or x.parent_id = :scope)", "role": f"x.role_id = any({_OF_TEAM})",
        "item": f"x.role_id = any({_OF_TEAM})", "filling": f"x.role_id = any({_OF_TEAM})", "policy": "x.team_id = :scope",
        "home": "x.team_id = :scope", "direction": "x.team_id = :scope",
    },
    "rol": {
        "team": "false", "role": "x.role_id = :scope", "item": "x.role_id = :scope", "filling": "x.role_id = :scope",
        "policy": "false", "home": "false", "direction": "false",
    },
}  # fmt: skip
DIFFERENCES: dict[str, TextClause] = {
    scope: text(" union all ".join(
        _part(*part, where=_WHERE[scope].get(part[0], "true")) for part in _ALL if _WHERE[scope].get(part[0]) != "false"))
    for scope in SCOPES
}  # fmt: skip
# A name as of the second moment, else the first, else the newest that is known.
NAMES = text(
    f"""
    (select distinct on (v.role_id) v.role_id as id, v.name, v.team_id from role_version v where v.role_id = any(:roles)
        order by v.role_id, {_side("v", "b")} desc, {_side("v", "a")} desc, upper_inf(v.recorded) desc, lower(v.valid) desc)
    union all
    (select distinct on (v.team_id) v.team_id, v.name, v.parent_id from team_version v where v.team_id = any(:teams)
        order by v.team_id, {_side("v", "b")} desc, {_side("v", "a")} desc, upper_inf(v.recorded) desc, lower(v.valid) desc)
    union all
    select p.id, p.name, null from person p where p.id = any(:people)
    """
)
# From when an act has effect: its first day, the day after its last, or else the day on which it was done.
_EFFECT = r"""case when coalesce(j.facts ->> 'from', j.facts ->> 'first', j.facts ->> 'until') ~ '^\d{4}-\d\d-\d\d'
        then left(coalesce(j.facts ->> 'from', j.facts ->> 'first', j.facts ->> 'until'), 10)::date
    when j.facts ->> 'last' ~ '^\d{4}-\d\d-\d\d$' then (j.facts ->> 'last')::date + 1
    else (j.at at time zone 'Europe/Amsterdam')::date end"""
_STRUCTURE = ", ".join(f"'{verb}'" for verb in VERBS)  # said in full, so that an index holds them apart


def _entries(since: str, which: str = "true") -> str:
    """An act has effect when it was done or earlier, unless the index of what has effect later holds it: so of what was done before
    the first moments only that index is read."""
    return f"""
    select j.id, j.at, j.actor, j.verb, j.facts, j.xid, {_EFFECT} as effect,
        (select jsonb_agg(jsonb_build_array(o.kind, o.id) order by o.kind, o.id) from journal_subject o where o.entry = j.id) as subjects,
        (select coalesce(jsonb_object_agg(x.field, x.value), '{{}}') from journal_text x where x.entry = j.id) as texts
    from journal j where j.id = any(array(select s.entry from journal_subject s
            where s.kind in ('role', 'team', 'policy') and s.id = any(:ids) and s.entry {since} cast(:since as uuid)))
        and j.verb in ({_STRUCTURE}) and {which} and j.at <= greatest(cast(:known_a as timestamptz), cast(:known_b as timestamptz))
"""


ACTS = text(
    f"""
    select j.*, p.proposal, p.number
    from ({_entries(">=")} union all {_entries("<", "takes_effect_later(j.facts, j.at)")}) j
    left join lateral (select o.id as proposal, (a.facts ->> 'number')::int as number
        from (select * from journal where xid = j.xid and id > j.id and at = j.at and verb = 'proposal.adopted' order by id limit 1) a
        join journal_subject o on o.entry = a.id and o.kind = 'proposal' limit 1) p on true
    where (j.effect > cast(:day_a as date) and j.effect <= cast(:day_b as date))
        or (j.at > cast(:known_a as timestamptz) and j.at <= cast(:known_b as timestamptz))
    order by j.id desc limit {MOST}
    """
)

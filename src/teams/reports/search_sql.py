"""The statements of the search: for each kind of thing what fits all words, and for some what looks like what was typed.

Every part gives the same columns: kind, key, title, place, place_key, body (texts), more; a statement is the union of parts.
`title_hit` and `body_hit` are the same texts, folded, with the words found between the two signs of `BEGIN` and `END`.
"""

from functools import lru_cache

from sqlalchemy import TextClause, text

from teams.structure.queries import fills, holds

BEGIN, END = "\x01", "\x02"
_MARK = "HighlightAll=true, StartSel=\x01, StopSel=\x02"
RECENT, NEAR, FIRST = 600, 100, 40


def _hit(words: str, config: str = "dutch", query: str = "query") -> str:
    return f"ts_headline('{config}', plain({words}), to_tsquery('{config}', plain(:{query})), '{_MARK}')"


def _doc(words: str) -> str:
    return f"to_tsvector('dutch', plain({words}))"


def _cut(kind: str, when: str) -> str:
    """A line that says that there is more of this kind than was looked at."""
    return f"select 'grens', '{kind}', '', '', null, null, array[]::text[], array[]::text[], '[]'::jsonb where {when}"


_MATCH = " @@ to_tsquery('dutch', plain(:query))"
_NAMED = "@@ to_tsquery('simple', plain(:names))"
_OP = "range_contains_elem({0}.recorded, cast(:known as timestamptz)) and range_contains_elem({0}.valid, cast(:op as timestamptz))"

_PRESENT = f"""(exists (select from contract c where c.person_id = p.id and {holds("c")})
    or exists (select from role_filling f where f.person_id = p.id and {fills("f")})
    or exists (select from organ_member m where m.person_id = p.id and {holds("m")}))"""
_ROLES_OF = f"""(select coalesce(jsonb_agg(jsonb_build_object('id', f.role_id, 'name', v.name) order by v.core is not null, v.name), '[]')
    from role_filling f join role_version v on v.role_id = f.role_id and {holds("v")} where f.person_id = p.id and {fills("f")})"""
_FILLERS_OF = f"""(select coalesce(jsonb_agg(jsonb_build_object('id', w.id, 'name', w.name) order by w.name, w.id), '[]')
    from role_filling f join person w on w.id = f.person_id where f.role_id = p.id and {fills("f")})"""


def _people(found: str, fit: str, hit: str) -> str:
    return f"""
    select 'persoon' as kind, p.id::text as key, p.name as title, {hit} as title_hit, t.name as place, t.team_id::text as place_key,
        array[]::text[] as body, array[]::text[] as body_hit, {_ROLES_OF} as more
    from (select p.id, p.name, {fit} as fit from ({found} limit 4 * :most) p where {_PRESENT} order by fit desc, p.name, p.id limit :limit) p
    left join home_team h on h.person_id = p.id and {holds("h")}
    left join team_version t on t.team_id = h.team_id and {holds("t")}
    order by p.fit desc, p.name, p.id"""


def _teams(where: str, fit: str, hit: str, body_hit: str) -> str:
    return f"""
    select 'team', t.team_id::text, t.name, {hit}, t.cluster, null, array[t.purpose], array[{body_hit}], '[]'::jsonb
    from (select *, {fit} as fit from (select * from team_version t where {holds("t")} and {where} limit :most) t
        order by fit desc, t.name, t.team_id limit :limit) t order by t.fit desc, t.name, t.team_id"""


# Of each word where it stands: in the name, in what the role does, or (beside another) in who fills it and whose it is; of a
# common word the first ones only. Who has the rarest word may have the others: a common one is looked for in each of those.
_TEXTS = _doc("v.name || ' ' || v.purpose")
_BY_NAME = f"""select v.role_id, v.core is not null as core, case when {_doc("v.name")} @@ {{0}}.dutch then 8 else 2 end as weight
    from role_version v where {_TEXTS} @@ {{0}}.dutch and {holds("v")}"""
_BY_ITEM = f"""select i.role_id, false as core, 4 as weight
    from role_item i where {_doc("i.text")} @@ {{0}}.dutch and {holds("i")}"""
# What puts them in order stands in the index that finds them; the rest is read of the few that are shown.
_FIRST_ROLES = f"""p as materialized (
        select f.*, v.purpose from (
            select v.role_id as id, v.name, v.core, v.team_id, fit.fit from fit join role_version v on v.role_id = fit.role_id and {holds("v")}
            order by v.core is not null, fit.fit desc, v.name, v.role_id limit :limit) f
        join role_version v on v.role_id = f.id and {holds("v")}
    )"""
_ROLES = f"""
    with words as materialized (
        select n, to_tsquery('dutch', plain(w.word)) as dutch, to_tsquery('simple', plain(w.word)) as simple
        from unnest(cast(:words as text[])) with ordinality w(word, n)
    ), spots as materialized (
        select w.n, s.* from words w cross join lateral ({_BY_NAME.format("w")} limit :most) s
        union all
        select w.n, s.* from words w cross join lateral ({_BY_ITEM.format("w")} limit :most) s
        union all
        select w.n, s.* from words w cross join lateral (select f.role_id, false, 0 from (
                select id from person where to_tsvector('simple', plain(name)) @@ w.simple limit :most) p
            join role_filling f on f.person_id = p.id and {fills("f")} limit :most) s where :several
        union all
        select w.n, s.* from words w cross join lateral (select v.role_id, false, 0 from team_version t
            join role_version v on v.team_id = t.team_id and {holds("v")}
            where {_doc("t.name || ' ' || t.purpose")} @@ w.dutch and {_doc("t.name")} @@ w.dutch and {holds("t")} limit :most) s where :several
    ), common as materialized (
        select n, count(*) as number, count(*) >= :most as cut from spots group by n
    ), rarest as materialized (
        select w.n from words w left join common c using (n) order by coalesce(c.number, 0), w.n limit 1
    ), chosen as materialized (
        (select role_id from spots where :least = 1 or n = (select n from rarest) limit 4 * :most)
        union (select v.role_id from role_version v where :several and {_TEXTS} {_MATCH} and {holds("v")} limit :most)
        union (select i.role_id from role_item i where :several and {_doc("i.text")} {_MATCH} and {holds("i")} limit :most)
    ), looked as materialized (
        select c.role_id, c.n, l.weight from (
            select x.role_id, w.n, w.dutch, w.simple from chosen x cross join words w join common using (n)
                where :several and common.cut and not exists (select from spots s where s.role_id = x.role_id and s.n = w.n) limit 4 * :most
        ) c cross join lateral (
            {_BY_NAME.format("c")} and v.role_id = c.role_id union all {_BY_ITEM.format("c")} and i.role_id = c.role_id
            union all select f.role_id, false, 0 from role_filling f join person p on p.id = f.person_id
                where f.role_id = c.role_id and {fills("f")} and to_tsvector('simple', plain(p.name)) @@ c.simple
            union all select v.role_id, false, 0 from role_version v join team_version t on t.team_id = v.team_id and {holds("t")}
                where v.role_id = c.role_id and {holds("v")} and {_doc("t.name")} @@ c.dutch
        ) l
    ), fit as (
        select role_id, sum(weight) as fit, bool_or(core) as core from (
            select role_id, n, max(weight) as weight, bool_or(core) as core from (
                select role_id, n, weight, core from spots where role_id in (select role_id from chosen)
                union all select role_id, n, weight, false from looked) y group by role_id, n) x
        group by role_id having count(*) >= :least and sum(weight) > 0 order by bool_or(core), sum(weight) desc limit :most
    ), {_FIRST_ROLES}"""
_ALIKE_ROLES = f"""
    with spots as materialized (
        select v.role_id, word_similarity(plain(:alike), plain(v.name)) as fit from role_version v
            where plain(:alike) <% plain(v.name) and {holds("v")}
        union all
        select i.role_id, word_similarity(plain(:alike), plain(i.text)) - 0.05 from role_item i
            where plain(:alike) <% plain(i.text) and {holds("i")}
    ), fit as (select role_id, max(fit) as fit from spots group by role_id having max(fit) >= 0.55
    ), {_FIRST_ROLES}"""


def _roles(found: str, item: str, hit: str) -> str:
    mark = _hit if hit else (lambda words: words)
    cut = (
        f" union all {_cut('rol', 'coalesce((select cut from common where n = (select n from rarest)), false)')}"
        if hit
        else ""
    )
    return f"""
    select * from ({found}
    select 'rol', p.id::text, p.name, {mark("p.name")}, t.name, p.team_id::text, i.body, i.hits, {_FILLERS_OF}
    from p left join team_version t on t.team_id = p.team_id and {holds("t")}
    cross join lateral (select array[p.purpose] || coalesce(array_agg(i.text order by i.position, i.item_id), '{{}}') as body,
        array[{mark("p.purpose")}] || coalesce(array_agg({mark("i.text")} order by i.position, i.item_id), '{{}}') as hits
        from role_item i where i.role_id = p.id and {holds("i")} and {item}) i
    {cut}) r"""


_POLICIES = f"""
    select 'afspraak', v.policy_id::text, v.title, {_hit("v.title")}, t.name, v.team_id::text, array[v.text], array[{_hit("v.text")}], '[]'::jsonb
    from (select v.*, y.team_id from policy_version v join policy y on y.id = v.policy_id
        where {holds("v")} and {_doc("v.title || ' ' || v.text")} {_MATCH}
        order by {_doc("v.title")} {_MATCH} desc, v.title, v.policy_id limit :limit) v
    left join team_version t on t.team_id = v.team_id and {holds("t")}"""
_LIVE = "k.state in ('open', 'in_uitvoering')"
# A common word is met soon in a walk over the newest; the index on words is asked only when it was not.
_KLUSSEN = f"""
    select * from (with recent as materialized (
        select k.id, k.number from (select k.id, k.number, k.search from klus k where {_LIVE} order by k.number desc limit {RECENT}) k
        where k.search {_MATCH} order by k.number desc limit :limit
    ), rare as materialized (
        select k.id, k.number from (select k.id, k.number from klus k
            where (select count(*) from recent) < :limit and {_LIVE} and k.search {_MATCH} offset 0) k order by k.number desc limit :limit
    )
    select 'klus', k.id::text, k.title, {_hit("k.title")}, t.name, k.team_id::text, array[k.description], array[{_hit("k.description")}],
        jsonb_build_object('number', k.number)
    from (select id from recent union select id from rare) f join klus k on k.id = f.id
    left join team_version t on t.team_id = k.team_id and {holds("t")} order by k.number desc limit :limit) k"""
_ALIKE_KLUSSEN = f"""
    select 'klus', k.id::text, k.title, k.title, t.name, k.team_id::text, array[k.description], array[k.description],
        jsonb_build_object('number', k.number)
    from (select k.*, word_similarity(plain(:alike), plain(k.title || ' ' || k.description)) as fit from klus k
        where plain(:alike) <% plain(k.title || ' ' || k.description) and {_LIVE} order by fit desc, k.number desc limit :limit) k
    left join team_version t on t.team_id = k.team_id and {holds("t")} where k.fit >= 0.55"""


def _powers(where: str, fit: str, mark: bool) -> str:
    hit = _hit if mark else (lambda words: words)
    return f"""
    select 'bevoegdheid', v.code, v.title, {hit("v.title")}, null, null, array[v.keywords], array[{hit("v.keywords")}], '[]'::jsonb
    from (with best as materialized (select v.*, {fit} as fit from {where} v order by fit desc fetch first (:limit) rows with ties),
            w as materialized (select id, code from power where id = any(array(select power_id from best)))
        select w.code, v.* from best v join w on w.id = v.power_id order by v.fit desc, w.code limit :limit) v where v.fit > 0"""


_CODE = "array(select id from power where plain(code) = plain(:word))"
_CODED = f"""(select v.*, 0 as exact from power_version v where v.search {_MATCH} and v.power_id <> all({_CODE}) and {_OP.format("v")}
    union all select v.*, 1 from power_version v where v.power_id = any({_CODE}) and {_OP.format("v")})"""
# What begins so, as a range of the index: behind `like` it is walked only where the plan knows the word.
_NUMBERED = r"plain(number) ~>=~ plain(:word) and plain(number) ~<~ (plain(:word) || U&'\+10FFFF')"
_GRANTED = f"{_OP.format('v')} and (v.withdrawn_at is null or v.withdrawn_at > cast(:op as timestamptz))"
_GRANTS = f"""
    select 'mandaat', g.number, g.number, {_hit("g.number")}, null, null, array[coalesce(g.titles, '')], array[{_hit("coalesce(g.titles, '')")}],
        jsonb_build_object('holder', g.holder)
    from (select g.number, g.holder, (select string_agg(t.title, ', ' order by t.title) from power w
            join power_version t on t.power_id = w.id and {_OP.format("t")} where w.code = any(g.powers)) as titles
        from (select g.number, v.holder, v.powers
            from (select id, number from (select id, number from power_grant where id = any(array(
                (select v.grant_id from grant_version v where {_GRANTED} and v.powers && array(
                    select code from power where id = any(array(select power_id from {_CODED} v limit :most))) limit :most)
                union (select v.grant_id from (select id from power_grant where {_NUMBERED} limit :most) g
                    join grant_version v on v.grant_id = g.id where {_GRANTED}))) offset 0) g order by number limit :limit) g
            join grant_version v on v.grant_id = g.id and {_GRANTED}) g offset 0) g order by g.number"""
_PROPOSALS = f"""
    select 'voorstel', p.id::text, p.number::text, p.number::text, tv.name, p.team_id::text, array[t.text, t.example],
        array[{_hit("t.text")}, {_hit("t.example")}], jsonb_build_object('state', p.state, 'changes', v.changes, 'role', r.name, 'roles',
            (select jsonb_object_agg(n.role_id, n.name) from role_version n where upper_inf(n.recorded)
                and range_contains_elem(n.valid, cast(:day as date)) and n.role_id = any(array(
                    select cast(c ->> 'rolId' as uuid) from jsonb_array_elements(v.changes) c where pg_input_is_valid(c ->> 'rolId', 'uuid')))))
    from (select p.* from proposal p where p.id in (
            select p.id from tension t join proposal p on p.tension_id = t.id where {_doc("t.text || ' ' || t.example")} {_MATCH}
            union select v.proposal_id from proposal_version v
                where jsonb_to_tsvector('dutch', v.changes, '["string"]') {_MATCH}
            union select p.id from proposal p where p.number = cast(:number as int))
        and (p.state <> 'concept' or p.proposer_id = cast(:me as uuid)) order by p.number desc limit :limit) p
    join tension t on t.id = p.tension_id join proposal_version v on v.proposal_id = p.id and v.version = p.version
    left join team_version tv on tv.team_id = p.team_id and {holds("tv")}
    left join role_version r on r.role_id = t.role_id and {holds("r")} order by p.number desc"""

# One's own, those of one's roles and one's organs; secretary and controller all. A confidential one of somebody else is known
# by its number only, and found by nothing else. Never by the name of who decided (WOR 27).
# The index finds every decision that has a rare word; a common word is looked for in the newest of each.
_DECIDED = _doc("d.power_title || ' ' || coalesce(d.subject, '')")


def _near(those: str, order: str = "d.id desc") -> str:
    return f"""(select d.id, {_DECIDED} {_MATCH} as hit from (
        {those} and (select so from common) order by {order} limit {NEAR}) d)"""


_DECISIONS = f"""
    select * from (with mine as materialized (
        select f.role_id from role_filling f where f.person_id = cast(:me as uuid) and {fills("f")}
    ), organs as materialized (
        select o.code from organ o join organ_member m on m.organ_id = o.id where m.person_id = cast(:me as uuid) and {holds("m")}
    ), newest as materialized (
        select count(*) filter (where {_DECIDED} {_MATCH}) as number from (select * from decision order by id desc limit {FIRST}) d
    ), rare as materialized (
        select d.id from decision d where (select number from newest) < {FIRST // 10} and {_DECIDED} @@ (select to_tsquery('dutch', plain(:query))) limit :most
    ), common as materialized (
        select (select number from newest) >= {FIRST // 10} or (select count(*) from rare) >= :most as so
    ), near as materialized (
        {_near("select d.* from decision d where :all_decisions")}
        union {_near("select d.* from decision d where d.person_id = cast(:me as uuid)")}
        union {_near("select d.* from decision d where d.second_id = cast(:me as uuid)")}
        union (select d.* from mine cross join lateral {_near("select d.* from decision d where d.role_id = mine.role_id")} d)
        union (select d.* from organs cross join lateral {_near("select d.* from decision d where d.organ = organs.code", "d.decided_at desc, d.id desc")} d)
    ), fit as materialized (select id from near where hit order by id desc limit :limit
    ), exact as materialized (
        (select id from decision where number = :word) union (select id from decision where case_number = :word order by id desc limit :most)
    )
    (select 'besluit', d.number, d.number, d.number, o.name, null,
        case when d.shown then array[d.power_title, coalesce(d.subject, '')] else array[]::text[] end,
        case when d.shown then array[{_hit("d.power_title")}, {_hit("coalesce(d.subject, '')")}] else array[]::text[] end,
        jsonb_build_object('at', d.decided_at, 'shown', d.shown)
    from (select d.*, d.own or not d.confidential as shown from (
            select d.*, coalesce(cast(:me as uuid) = d.person_id or cast(:me as uuid) = d.second_id or d.role_id = any(array(select role_id from mine)), false) as own
            from decision d where d.id = any(array(select id from fit union select id from rare union select id from exact))) d
        where d.own or ((:all_decisions or d.organ = any(array(select code from organs)))
            and (not d.confidential or :word in (d.number, d.case_number)))
        order by d.id desc limit :limit) d
    left join organ o on o.code = d.organ order by d.id desc)
    union all {_cut("besluit", f"(select count(*) from fit) < :limit and (select count(*) from near) >= {NEAR}")}) b"""

PARTS = {
    "rol": _roles(_ROLES, f"{_doc('i.text')} @@ to_tsquery('dutch', plain(:any))", "dutch"),
    "persoon": _people(
        f"select id, name from person where to_tsvector('simple', plain(name)) {_NAMED} or lower(email) = lower(:word)",
        "0", _hit("p.name", "simple", "names"),
    ),
    "team": _teams(
        _doc("t.name || ' ' || t.purpose") + _MATCH, f"({_doc('t.name')} {_MATCH})::int", _hit("t.name"), _hit("t.purpose")
    ),
    "afspraak": _POLICIES,
    "klus": _KLUSSEN,
    "bevoegdheid": _powers(_CODED, "ts_rank(v.search, to_tsquery('dutch', plain(:query))) + v.exact", True),
    "mandaat": _GRANTS,
    "voorstel": _PROPOSALS,
    "besluit": _DECISIONS,
}  # fmt: skip
ALIKE = {
    "rol": _roles(_ALIKE_ROLES, "plain(:alike) <% plain(i.text)", ""),
    "persoon": _people(
        "select id, name from person where plain(:alike) <% plain(name) and word_similarity(plain(:alike), plain(name)) >= 0.6",
        "word_similarity(plain(:alike), plain(p.name))", "p.name",
    ),
    "team": _teams(
        "plain(:alike) <% plain(t.name) and word_similarity(plain(:alike), plain(t.name)) >= 0.6",
        "word_similarity(plain(:alike), plain(t.name))", "t.name", "t.purpose",
    ),
    "klus": _ALIKE_KLUSSEN,
    "bevoegdheid": _powers(
        "(select * from power_version v where plain(:alike) <% plain(v.title || ' ' || v.keywords) and " + _OP.format("v") + ")",
        "greatest(word_similarity(plain(:alike), plain(v.title || ' ' || v.keywords)) - 0.5, 0)", False,
    ),
}  # fmt: skip


@lru_cache(maxsize=64)
def statement(kinds: tuple[str, ...], alike: frozenset[str] = frozenset()) -> TextClause:
    """One statement for these kinds, of which `alike` by likeness; every part has the columns of the first."""
    names = "kind, key, title, title_hit, place, place_key, body, body_hit, more"
    parts = {kind: ALIKE.get(kind) if kind in alike else PARTS[kind] for kind in kinds}
    return text(" union all ".join(f"select * from ({part}) {kind}({names})" for kind, part in parts.items() if part))

"""The list of klussen: search, filters, three orders, paging without counting.

Cost does not grow with the table: an ordered walk over live klussen finds common words in the newest ones, an index on
words finds rare ones; a count stops at 100; 'past bij mij' weighs the 400 newest that pass the filters.
"""

import base64
import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import Actor
from teams.kit.clock import day_of
from teams.kit.errors import Invalid, Reason
from teams.kit.text import N_, words_in
from teams.klussen.queries import COLUMNS

PAGE = 25
COUNTED = 100
RECENT = 600
WEIGHED = 400

_LIVE = "k.state in ('open', 'in_uitvoering')"
# Almost all that is live is accepting and not over, and almost nothing else is. The planner would take these for three
# rare accidents that must coincide, and sort everything where walking an index in order is enough: hence one `case`, of
# which it thinks that half passes; filters that most klussen pass stand in it too.
_STILL = """k.accepting and (k.state = 'open' or k.taken < k.places)
    and coalesce(least(k.apply_until, k.ends, case when k.hours_total is not null then coalesce(k.ends, k.starts) end),
        'infinity') >= :today"""
_MATCHES = "k.search @@ to_tsquery('dutch', plain(:query))"


class Order(NamedTuple):
    """One order: forward and backward, and the bound that lies after or before a place in it."""

    forward: str
    backward: str
    after: str
    before: str


_NEW = Order("k.number desc", "k.number asc", "k.number < :c_number", "k.number > :c_number")
_ORDERS = {
    "past": _NEW,
    "start": Order(
        "k.starts asc, k.number asc",
        "k.starts desc, k.number desc",
        "(k.starts, k.number) > (cast(:c_starts as date), :c_number)",
        "(k.starts, k.number) < (cast(:c_starts as date), :c_number)",
    ),
    "nieuw": _NEW,
}
ORDERS = tuple(_ORDERS)


@dataclass(frozen=True)
class Wish:
    """What someone looks for. `states` empty: what can be claimed now or stands open to look at; `placed_after`: newer only."""

    search: str = ""
    teams: tuple[UUID, ...] = ()
    kinds: tuple[str, ...] = ()
    least_hours: Decimal | None = None
    most_hours: Decimal | None = None
    skills: tuple[str, ...] = ()
    starts_from: date | None = None
    ends_by: date | None = None
    only_free: bool = False
    placed_after: datetime | None = None
    states: tuple[str, ...] = ()
    order: str = "nieuw"
    cursor: str = ""
    size: int = PAGE


@dataclass(frozen=True)
class Listing:
    """One page. `count` is exact up to 100 and None beyond, or on a later page; `alike`: found by likeness of words."""

    rows: list[Row[Any]]
    before: str | None
    after: str | None
    count: int | None
    first: bool
    alike: bool


async def list_klussen(session: AsyncSession, wish: Wish, by: Actor, *, at: datetime) -> Listing:
    """The klussen that fit the wish: one statement, or two when only likeness of words finds something."""
    cursor = read_cursor(wish.cursor, wish.order)
    parameters = _parameters(wish, by, at) | {f"c_{name}": value for name, value in cursor.items()}
    back = bool(cursor.get("back"))
    shape = (_filters(wish), wish.order, bool(cursor), back)
    if not wish.search or parameters["query"]:
        rows = list((await session.execute(_statement(*shape, search=bool(wish.search)), parameters)).all())
    else:
        rows = []
    alike = False
    if not rows and wish.search and not cursor and not wish.states:
        rows = list((await session.execute(_alike(_filters(wish)), parameters)).all())
        alike = bool(rows)
    return _page(rows, wish, cursor, back=back, alike=alike)


def _page(rows: list[Row[Any]], wish: Wish, cursor: dict[str, Any], *, back: bool, alike: bool) -> Listing:
    total = rows[0].hits if rows else 0
    size = wish.size
    if wish.order == "past" and not alike:
        start = int(cursor.get("from", 0))
        shown = rows
        before = _cursor(**{"from": max(0, start - size)}) if start else None
        after = _cursor(**{"from": start + size}) if total > start + len(shown) else None
        return Listing(shown, before, after, total if total <= COUNTED else None, not start, alike)
    more = total > size and not alike
    shown = rows[::-1] if back else rows
    edge = {"number": 0} if wish.order == "nieuw" else {"number": 0, "starts": ""}

    def mark(row: Row[Any], **extra: Any) -> str:
        values = {name: (row.starts.isoformat() if name == "starts" else row.number) for name in edge}
        return _cursor(**values, **extra)

    earlier = bool(cursor) and (not back or more)
    later = more if not back else True
    return Listing(
        shown,
        mark(shown[0], back=1) if shown and earlier else None,
        mark(shown[-1]) if shown and later and not alike else None,
        None if cursor or total > COUNTED else total,
        not earlier,
        alike,
    )


def _filters(wish: Wish) -> tuple[str, ...]:
    wide = [] if wish.states else [_STILL]
    parts = ["k.state = any(:states)" if wish.states else _LIVE]
    if wish.teams:
        parts.append("k.team_id = any(:teams)")
    if wish.kinds:
        wide.append("k.kind = any(:kinds)")
    if wish.least_hours is not None:
        wide.append("coalesce(k.hours_max, k.hours_total) >= :least_hours")
    if wish.most_hours is not None:
        wide.append("coalesce(k.hours_min, k.hours_total) <= :most_hours")
    if wish.skills:
        parts.append(
            "exists (select from klus_skill ks join skill s on s.id = ks.skill_id where ks.klus_id = k.id"
            " and s.id = any(array(select n.id from unnest(cast(:skills as text[])) x join skill_name n on n.name = plain(x))))"
        )
    if wish.starts_from is not None:
        parts.append("k.starts >= :starts_from")
    if wish.ends_by is not None:
        parts.append("(k.ends is not null or k.hours_total is not null) and coalesce(k.ends, k.starts) <= :ends_by")
    if wish.only_free:
        wide.append("k.taken < k.places")
    if wish.placed_after is not None:
        parts.append("k.published_at > :placed_after")
    if wide:
        parts.append(f"(case when {' and '.join(wide)} then true end)")
    return tuple(parts)


@lru_cache(maxsize=512)
def _statement(filters: tuple[str, ...], order: str, paged: bool, back: bool, *, search: bool) -> TextClause:
    where, way = " and ".join(filters), _ORDERS[order]
    direction = way.backward if back else way.forward
    if paged and order != "past":
        where += " and " + (way.before if back else way.after)
    most = WEIGHED if order == "past" else COUNTED + 1
    found = _found_by_words(where, direction, most) if search else _found(where, direction, most)
    if order != "past":
        page = f"page as (select * from found k order by {direction} limit :size)"
        return text(_DRAWN.format(hit=f"{found}, {page}", columns=COLUMNS, counted="found", outer=direction))
    weighed = """skills as materialized (select skill_id, level from person_skill where person_id = :me),
        fits as materialized (
            select ks.klus_id, count(*) filter (where ps.level >= 2) as score, count(*) filter (where ps.level = 1) as learns
            from klus_skill ks join skills ps on ps.skill_id = ks.skill_id
            where ks.klus_id = any(array(select id from found)) group by ks.klus_id),
        weighed as materialized (
            select k.*, coalesce(f.score, 0) as score, coalesce(f.learns, 0) as learns from found k left join fits f on f.klus_id = k.id),
        page as (select * from weighed order by score desc, learns desc, starts, number offset :c_from limit :size)"""
    outer = "p.score desc, p.learns desc, k.starts, k.number"
    return text(_DRAWN.format(hit=f"{found}, {weighed}", columns=COLUMNS, counted="found", outer=outer))


def _found(where: str, direction: str, most: int) -> str:
    return f"""found as materialized (
        select k.id, k.number, k.starts from klus k where {where} order by {direction} limit {most})"""


def _found_by_words(where: str, direction: str, most: int) -> str:
    """A common word is met soon in an ordered walk; the index on words is asked only when it was not.

    The name of a skill, or a synonym of it, finds what asks for that skill: one look in an index for each live klus, in
    the order wished, until there are enough.
    """
    return f"""recent as materialized (
        select k.id, k.number, k.starts from (
            select k.id, k.number, k.starts, k.search from klus k where {where} order by {direction} limit {RECENT}
        ) k where {_MATCHES} order by {direction} limit {most}),
    rare as materialized (
        select k.id, k.number, k.starts from klus k
        where (select count(*) from recent) <= :size and {_MATCHES} and {where}),
    named as materialized (
        select k.id, k.number, k.starts from klus k
        where (select count(*) from skill_name n where n.name = plain(:search)) > 0 and {where}
            and (select true from klus_skill ks where ks.klus_id = k.id
                and ks.skill_id = any(array(select n.id from skill_name n where n.name = plain(:search))) limit 1)
        order by {direction} limit {most}),
    found as materialized (
        select * from (select * from recent where (select count(*) from recent) > :size
            union select * from rare union select * from named) k order by {direction} limit {most})"""


_DRAWN = """
    with {hit}
    select {columns}, (select count(*) from {counted}) as hits,
        array(select s.name from klus_skill ks join person_skill ps on ps.skill_id = ks.skill_id and ps.person_id = :me
            and ps.level >= 2 join skill s on s.id = ks.skill_id where ks.klus_id = k.id) as my_skills,
        (select jsonb_build_object('id', c.id, 'state', c.state, 'seat', c.seat) from claim c
            where c.klus_id = k.id and c.person_id = :me and c.seat is not null) as mine
    from page p join klus k on k.id = p.id order by {outer}
"""


@lru_cache(maxsize=64)
def _alike(filters: tuple[str, ...]) -> TextClause:
    """Words that look like what was typed, best likeness first: a typing error still finds it."""
    where = " and ".join(filters)
    hit = f"""
        hit as materialized (
            select k.id, word_similarity(plain(:search), plain(k.title || ' ' || k.description)) as likeness, k.number
            from klus k where plain(:search) <% plain(k.title || ' ' || k.description) and {where}
            order by 2 desc, 3 desc limit {PAGE}),
        page as (select * from hit)"""
    return text(_DRAWN.format(hit=hit, columns=COLUMNS, counted="hit", outer="p.likeness desc, p.number desc"))


def _parameters(wish: Wish, by: Actor, at: datetime) -> dict[str, Any]:
    return {
        "me": by.person_id, "today": day_of(at), "query": tsquery(wish.search), "search": wish.search[:200],
        "states": list(wish.states), "teams": list(wish.teams), "kinds": list(wish.kinds), "skills": list(wish.skills),
        "least_hours": wish.least_hours, "most_hours": wish.most_hours, "starts_from": wish.starts_from,
        "ends_by": wish.ends_by, "placed_after": wish.placed_after, "size": wish.size, "c_from": 0,
    }  # fmt: skip


def tsquery(search: str) -> str:
    """Every word must occur, or begin a word (three letters or more); only letters and digits, so nothing to inject."""
    words = words_in(search)[:8]
    return " & ".join(f"{word}:*" if len(word) > 2 else word for word in words if word not in _STOP)


_STOP = frozenset([
    "de", "het", "een", "en", "van", "in", "op", "te", "dat", "die", "is", "voor", "met", "aan", "er", "om", "ook",
    "als", "dan", "maar", "of", "bij", "uit", "naar", "door", "over", "je", "we",
])  # fmt: skip


def read_cursor(cursor: str, order: str) -> dict[str, Any]:
    """The place in the list that an earlier page gave; `Invalid` on field `vanaf` when it is not ours."""
    if not cursor:
        return {}
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if order == "past":
            return {"from": _whole(found["from"], WEIGHED)}
        place: dict[str, Any] = {"number": _whole(found["number"], 2**31 - 1), "back": bool(found.get("back"))}
        if order == "start":
            place["starts"] = date.fromisoformat(found["starts"])
        return place
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Invalid({"vanaf": Reason("vanaf", N_("Deze plek in de lijst kennen we niet. Begin vooraan."))}) from None


def _whole(value: Any, most: int) -> int:
    if type(value) is not int or not 0 <= value <= most:
        raise ValueError
    return value


def _cursor(**values: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(values, separators=(",", ":")).encode()).decode().rstrip("=")

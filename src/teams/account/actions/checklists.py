"""Completeness: an outside list is laid beside the log; what has no entry is an open post with an owner, settled with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.account.forms import ExplainForm
from teams.account.rules import refused
from teams.journal.models import Actor, Note, record
from teams.kit.errors import Conflict, Invalid, NotFound, Reason
from teams.kit.text import N_

_LIST = text(
    """
    insert into checklist (file, digest, rows, added, changed, imported_by) values (:file, :digest, :rows, :added, :changed, :by)
    returning id, number
    """
)
_KNOWN = text(
    """
    select i.kind, i.reference, i.day, i.amount, i.party, i.case_number, i.given_number from checklist_item i
    where (i.kind, i.reference) in (select * from unnest(cast(:kinds as text[]), cast(:references as text[])))
    """
)
_PUT = text(
    """
    insert into checklist_item (kind, reference, day, amount, party, case_number, given_number, state, checklist_id)
    select k, r, d, a, p, c, n, 'open', :list from unnest(cast(:kinds as text[]), cast(:references as text[]), cast(:days as date[]),
        cast(:amounts as bigint[]), cast(:parties as text[]), cast(:cases as text[]), cast(:numbers as text[])) x(k, r, d, a, p, c, n)
    on conflict (kind, reference) do update set day = excluded.day, amount = excluded.amount, party = excluded.party,
        case_number = excluded.case_number, given_number = excluded.given_number, version = checklist_item.version + 1,
        state = case when checklist_item.state = 'gevonden' then 'open' else checklist_item.state end,
        decision_id = case when checklist_item.state = 'gevonden' then null else checklist_item.decision_id end, checklist_id = :list
    """
)
# By number; else by case, for an amount that the decision covers; else by party and exact amount, each decision once for a kind.
_MATCH = text(
    """
    with hit as (
        select i.id, coalesce(n.id, z.id, p.id) as decision,
            case when n.id is not null then 'nummer' when z.id is not null then 'zaak' else 'partij_en_bedrag' end as how,
            row_number() over (partition by i.kind, coalesce(n.id, z.id), p.id order by i.day, i.number) as turn
        from checklist_item i
        left join decision n on i.given_number <> '' and n.number = i.given_number
        left join lateral (select d.id from decision d where i.case_number <> '' and case_key(d.case_number) = case_key(i.case_number)
            and (i.amount is null or d.cents is null or i.amount <= d.cents)
            order by abs((d.decided_at at time zone 'Europe/Amsterdam')::date - i.day), d.id limit 1) z on n.id is null
        left join lateral (select d.id from decision d where i.party <> '' and party_key(d.counterparty) = party_key(i.party) and d.cents = i.amount
            and d.decided_at between i.day - 180 and i.day + 31
            and not exists (select from checklist_item o where o.decision_id = d.id and o.kind = i.kind)
            order by abs((d.decided_at at time zone 'Europe/Amsterdam')::date - i.day), d.id limit 1) p on n.id is null and z.id is null
        where i.state = 'open'
    ), found as (
        update checklist_item i set state = 'gevonden', decision_id = h.decision, version = i.version + 1
        from hit h where h.id = i.id and h.decision is not null and (h.how <> 'partij_en_bedrag' or h.turn = 1)
        returning i.id, i.decision_id, h.how, i.day, i.amount
    ), told as (
        insert into checklist_act (item_id, state, how, decision_id, day, amount)
        select id, 'gevonden', how, decision_id, day, amount from found
    ) select count(*) from found
    """
)
# An open post gets an act when it opens and when its day or amount changes, so that an account knows what it was then.
# Owner: the role that decided last for this case or party; else the secretary.
_OWN = text(
    """
    with owned as (
        update checklist_item i set owner_role = coalesce(
            (select d.role_id from decision d where i.case_number <> '' and case_key(d.case_number) = case_key(i.case_number) order by d.decided_at desc limit 1),
            (select d.role_id from decision d where i.party <> '' and party_key(d.counterparty) = party_key(i.party) order by d.decided_at desc limit 1),
            (select v.role_id from role_version v where v.office = 'gemeentesecretaris' and upper_inf(v.recorded)
                and v.valid @> (now() at time zone 'Europe/Amsterdam')::date limit 1))
        where i.state = 'open' and not exists (select from (select a.state, a.day, a.amount from checklist_act a
            where a.item_id = i.id order by a.id desc limit 1) a
            where a.state = 'open' and a.day = i.day and a.amount is not distinct from i.amount)
        returning i.id, i.owner_role, i.day, i.amount
    ) insert into checklist_act (item_id, state, how, owner_role, day, amount)
        select id, 'open', 'geen', owner_role, day, amount from owned
    """
)
_OPEN = text("select count(*) from checklist_item where state = 'open'")
_ITEM = text(
    """
    select i.id, i.number, i.kind, i.state, i.owner_role, exists (select from role_filling f where f.role_id = i.owner_role
        and f.person_id = :me and upper_inf(f.recorded) and f.valid @> now()) as mine
    from checklist_item i where i.id = :id for update of i
    """
)
_DECISION = text("select id from decision where number = :number")
_SETTLE = text(
    "update checklist_item set state = :state, decision_id = :decision, version = version + 1 where id = :id"
)
_ACT = text(
    """
    insert into checklist_act (item_id, state, how, decision_id, by, day, amount)
    select id, :state, :how, cast(:decision as uuid), :by, day, amount from checklist_item where id = :id
    """
)


@dataclass(frozen=True)
class Post:
    """One row of an outside list; `cents` None when the list has no amount."""

    kind: str
    reference: str
    day: date
    cents: int | None = None
    party: str = ""
    case: str = ""
    number: str = ""

    @property
    def content(self) -> tuple[Any, ...]:
        return self.day, self.cents, self.party, self.case, self.number


@dataclass(frozen=True)
class Laid:
    """What laying a list beside the log did."""

    number: int
    added: int
    changed: int
    same: int
    found: int
    open: int


async def lay_beside(
    session: AsyncSession, posts: Sequence[Post], *, file: str, digest: str, by: Actor, at: datetime
) -> Laid:
    """Take the posts over (the same kind and reference is the same post) and match every open one with the log."""
    keys: dict[str, Any] = {"kinds": [post.kind for post in posts], "references": [post.reference for post in posts]}
    known = {(row[0], row[1]): tuple(row[2:]) for row in (await session.execute(_KNOWN, keys)).all()}
    fresh = [post for post in posts if (post.kind, post.reference) not in known]
    other = [
        post
        for post in posts
        if (post.kind, post.reference) in known and known[post.kind, post.reference] != post.content
    ]
    made = (
        await session.execute(
            _LIST,
            {
                "file": file,
                "digest": digest,
                "rows": len(posts),
                "added": len(fresh),
                "changed": len(other),
                "by": by.person_id,
            },
        )
    ).one()
    put = [*fresh, *other]
    if put:
        await session.execute(
            _PUT,
            {
                "list": made.id, "kinds": [post.kind for post in put], "references": [post.reference for post in put],
                "days": [post.day for post in put], "amounts": [post.cents for post in put], "parties": [post.party for post in put],
                "cases": [post.case for post in put], "numbers": [post.number for post in put],
            },
        )  # fmt: skip
    found = await match_open(session)
    still = int(await session.scalar(_OPEN) or 0)
    facts = {
        "bestand": digest,
        "aantal": len(posts),
        "nummer": made.number,
        "soort": "toetslijst",
        "open": still,
        "found": found,
    }
    await record(
        session, Note("checklist.imported", (("checklist", made.id),), facts, {"file": file}, accountable=True), by=by
    )
    return Laid(made.number, len(fresh), len(other), len(posts) - len(put), found, still)


async def match_open(session: AsyncSession) -> int:
    """Match open posts with what the log holds by now, and give the rest an owner; how many were found."""
    found = int(await session.scalar(_MATCH) or 0)
    await session.execute(_OWN)
    return found


async def explain(session: AsyncSession, item: UUID, form: ExplainForm, *, by: Actor, at: datetime) -> None:
    """The owner, the secretary or the controller says which decision it is, or why there is none; the account names it."""
    row = await _item(session, item, by)
    if row.state != "open":
        raise Conflict(Reason("verkeerd_moment", N_("Deze post is al afgehandeld.")))
    decision: UUID | None = None
    state, how = "verklaard", str(form.reden)
    if form.reden == "hoort_bij":
        decision = await session.scalar(_DECISION, {"number": form.nummer})
        if decision is None:
            raise Invalid(
                {"nummer": Reason("nummer", N_("Dit besluit bestaat niet. Kijk het nummer na in het logboek."))}
            )
        state, how = "gevonden", "nummer"
    values = {"id": item, "state": state, "how": how, "decision": decision, "by": by.person_id}
    await session.execute(_SETTLE, values)
    await session.execute(_ACT, values)
    facts = {"nummer": str(row.number), "soort": how, "kind": row.kind}
    await record(
        session,
        Note("checklist.settled", (("checklist_item", item),), facts, {"reason": form.toelichting}, accountable=True),
        by=by,
    )


async def _item(session: AsyncSession, item: UUID, by: Actor) -> Row[Any]:
    row = (await session.execute(_ITEM, {"id": item, "me": by.person_id})).one_or_none()
    if row is None or not (row.mine or by.has("secretaris", "controller")):
        raise NotFound(Reason("onbekend", N_("Deze post bestaat niet, of is niet van jouw rol.")))
    if by.person_id is None or by.has("beheer"):
        raise refused(N_("Een systeembeheerder handelt geen posten af."))
    return row

"""The administrator's list of accounts, and the right `beheer`: one asks for it, another agrees, never for oneself."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth.actions import disable_account, reset_password
from teams.journal.models import Actor, Note, record
from teams.kit.errors import Conflict, NextStep, NotAllowed, NotFound, Reason
from teams.kit.text import N_

MOST = 400
PAGE = 50
RIGHT = "beheer"
_BACK = (NextStep(N_("Kijk bij de accounts hoe het nu is."), "/beheer/gebruikers"),)
_SHOWN = """
    select a.id, a.email, a.disabled_at, a.created_at, f.name, f.number, s.account_id is not null as by_directory,
        array(select r."right" from account_right r where r.account_id = a.id order by 1) as rights,
        (select max(e.seen_at) from session e where e.account_id = a.id) as seen_at,
        exists (select from right_request q where q.account_id = a.id and q.settled_at is null) as asked
    from ({found}) f join account a on a.id = f.id left join scim_user s on s.account_id = a.id
    order by coalesce(f.name, a.email), a.id limit :limit offset :first
"""
# In the order of names until the page is full: few words are as common as one or two letters.
_WALK = text(
    _SHOWN.format(
        found="""
        (select a.id, p.name, p.number from (select id, name, number from person order by name, id offset 0) p
            cross join lateral (select id, email from account where person_id = p.id offset 0) a
            where :term = '' or plain(p.name) like '%' || plain(:like) || '%' or plain(a.email) like '%' || plain(:like) || '%' or p.number = :term
            order by p.name, p.id limit :upto)
        union all (select a.id, null, null from account a
            where a.person_id is null and (:term = '' or plain(a.email) like '%' || plain(:like) || '%') order by a.email limit :upto)"""
    )
)
# By index on parts of names, on numbers and on how addresses begin.
_FOUND = text(
    _SHOWN.format(
        found=f"""select a.id, p.name, p.number from account a left join person p on p.id = a.person_id where a.id = any(array(
            (select a.id from person p join account a on a.person_id = p.id where plain(p.name) like '%' || plain(:like) || '%' limit {MOST})
            union (select a.id from person p join account a on a.person_id = p.id where p.number = :term)
            union (select id from account where lower(email) >= lower(:term) and lower(email) < lower(:term) || chr(1114111)
                limit {MOST})))"""
    )
)
_ACCOUNT = text("select id, person_id, email, disabled_at from account where id = :id for update")
_HAS = text('select exists (select from account_right where account_id = :id and "right" = :right)')
_ASK = text('insert into right_request (account_id, "right", asked_by) values (:id, :right, :by) returning id')
_REQUEST = text("select id, account_id, asked_by from right_request where id = :id and settled_at is null for update")
_SETTLE = text("update right_request set settled_at = now(), settled_by = :by, granted = :granted where id = :id")
_GIVE = text('insert into account_right (account_id, "right") values (:id, :right) on conflict do nothing')
_TAKE = text('delete from account_right where account_id = :id and "right" = :right returning 1')
_WAITING = text(
    """
    select q.id, q.account_id, q.asked_by, q.asked_at, coalesce(p.name, a.email) as name, coalesce(b.name, c.email) as asker
    from right_request q join account a on a.id = q.account_id left join person p on p.id = a.person_id
    join account c on c.id = q.asked_by left join person b on b.id = c.person_id
    where q.settled_at is null order by q.id
    """
)


async def accounts(session: AsyncSession, *, term: str = "", first: int = 0) -> list[Row[Any]]:
    """One more than a page, by name; `term` is part of a name, the beginning of an address, or a number. Of many no more than
    `MOST` are looked at."""
    like = term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    found = _FOUND if len(term) > 2 else _WALK
    given = {"term": term, "like": like, "first": first, "limit": PAGE + 1, "upto": first + PAGE + 1}
    return list((await session.execute(found, given)).all())


async def requests_waiting(session: AsyncSession) -> list[Row[Any]]:
    return list((await session.execute(_WAITING)).all())


async def close_account(session: AsyncSession, account_id: UUID, *, by: Actor) -> None:
    account = await _other(session, account_id, by)
    if account.disabled_at is not None:
        raise Conflict(Reason("gesloten", N_("Dit account is al gesloten.")), then=_BACK)
    await disable_account(session, account.email, by=by)


async def new_password(session: AsyncSession, account_id: UUID, *, by: Actor) -> tuple[str, str]:
    """Address and first password, shown once; an accountable act of which the person is told."""
    account = await _other(session, account_id, by)
    if account.disabled_at is not None:
        raise Conflict(Reason("gesloten", N_("Dit account is gesloten.")), then=_BACK)
    return account.email, await reset_password(session, account.email, by=by)


async def ask_right(session: AsyncSession, account_id: UUID, *, by: Actor) -> None:
    """Ask for `beheer` for someone else; it is there when a second person agrees."""
    account = await _other(session, account_id, by)
    if account.disabled_at is not None or await session.scalar(_HAS, {"id": account_id, "right": RIGHT}):
        raise Conflict(Reason("verkeerd_moment", N_("Dit account is gesloten, of beheert Teams al.")), then=_BACK)
    try:
        async with session.begin_nested():
            await session.execute(_ASK, {"id": account_id, "right": RIGHT, "by": by.account_id})
    except IntegrityError as error:
        raise Conflict(
            Reason("bestaat", N_("Dit is al gevraagd. Een tweede persoon zegt ja of nee.")), then=_BACK
        ) from error
    await _told(session, "account.right_asked", account, by)


async def settle_right(session: AsyncSession, request_id: UUID, *, granted: bool, by: Actor) -> None:
    """Yes or no of a second person: not who asked, not who gets it."""
    asked = (await session.execute(_REQUEST, {"id": request_id})).one_or_none()
    if asked is None:
        raise NotFound(Reason("onbekend", N_("Deze vraag is al beantwoord.")), then=_BACK)
    if granted and by.account_id in (asked.asked_by, asked.account_id):
        raise NotAllowed(
            Reason("eigen_aanvraag", N_("Een ander dan wie het vroeg of krijgt, zegt hier ja.")),
            then=(NextStep(N_("Vraag een andere beheerder of de gemeentesecretaris.")),),
        )
    account = (await session.execute(_ACCOUNT, {"id": asked.account_id})).one()
    if granted and account.disabled_at is not None:
        raise Conflict(Reason("gesloten", N_("Dit account is gesloten.")), then=_BACK)
    await session.execute(_SETTLE, {"id": request_id, "by": by.account_id, "granted": granted})
    if granted:
        await session.execute(_GIVE, {"id": asked.account_id, "right": RIGHT})
    await _told(session, "account.right_given" if granted else "account.right_refused", account, by)


async def take_right(session: AsyncSession, account_id: UUID, *, by: Actor) -> None:
    account = await _other(session, account_id, by)
    if (await session.execute(_TAKE, {"id": account_id, "right": RIGHT})).one_or_none() is None:
        raise Conflict(Reason("verkeerd_moment", N_("Dit account beheert Teams niet.")), then=_BACK)
    await _told(session, "account.right_taken", account, by)


async def _other(session: AsyncSession, account_id: UUID, by: Actor) -> Row[Any]:
    account = (await session.execute(_ACCOUNT, {"id": account_id})).one_or_none()
    if account is None:
        raise NotFound(Reason("onbekend", N_("Dit account bestaat niet.")), then=_BACK)
    if account.id == by.account_id:
        raise NotAllowed(
            Reason("eigen_aanvraag", N_("Dit doe je niet voor je eigen account.")),
            then=(NextStep(N_("Vraag een andere beheerder.")),),
        )
    return account


async def _told(session: AsyncSession, verb: str, account: Row[Any], by: Actor) -> None:
    about = [("account", account.id), *([("person", account.person_id)] if account.person_id else [])]
    await record(session, Note(verb, tuple(about), {"right": RIGHT}, accountable=True), by=by)

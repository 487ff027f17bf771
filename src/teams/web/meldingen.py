"""My notices: the list, the bell, what I want by mail, and stopping mail from the mail itself."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth.models import Visitor
from teams.http.readable import Refused
from teams.http.telling import KINDS, kind_of, link_of, names_in, said
from teams.http.wants import Me, Page, Session, language_of
from teams.http.words import words
from teams.kit.errors import Invalid, NextStep, NotFound, Reason
from teams.kit.text import N_
from teams.notices.choices import Choices, choices_of, choose, stop_mail
from teams.notices.hears import Kind, Mail
from teams.notices.post import stop_from
from teams.notices.queries import mark_read, notice_for, notices_of
from teams.web.answers import see_other
from teams.web.forms import form_of, query_of
from teams.web.pages import page, sentences

MAILS = {
    Mail.NOW: N_("Meteen"), Mail.DAY: N_("Eén mail per dag, om half acht"), Mail.WEEK: N_("Eén mail per week, op maandag"),
    Mail.NEVER: N_("Geen mail"),
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One notice as the page draws it."""

    id: UUID
    text: str
    url: str
    kind: str
    at: datetime
    read_at: datetime | None


@get("/meldingen", policy="signed_in")
async def index(request: Page, session: Session, me: Me) -> Response[str]:
    return page(request, "meldingen/index.html", live=me.is_employee, **await _list(request, session, me))


@get("/meldingen/stukken", policy="signed_in")
async def parts(request: Page, session: Session, me: Me) -> Response[str]:
    """The list alone, for a page that shows it."""
    return page(request, "meldingen/_lijst.html", **await _list(request, session, me))


@get("/meldingen/bel", policy="signed_in")
async def bell(request: Page, session: Session, me: Me) -> Response[str]:
    """The bell alone, for a page that was told that it changed."""
    return page(request, "meldingen/bel.html")


@post("/meldingen/gelezen", policy="signed_in")
async def read_all(request: Page, session: Session, me: Me) -> Response[Any]:
    """Everything up to the newest that the page showed; what came since stays unread."""
    fields = await form_of(request)
    fields.only("tot")
    if me.person_id is not None:
        await mark_read(session, me.person_id, upto=_id(fields.one("tot")))
    return see_other("/meldingen")


@post("/meldingen/{notice_id:uuid}", policy="signed_in")
async def read_one(request: Page, notice_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    """Mark it read, and with `naar` go to what it is about."""
    fields = await form_of(request)
    fields.only("naar")
    notice = await notice_for(session, notice_id, me.person_id) if me.person_id else None
    if notice is None or me.person_id is None:
        raise NotFound(
            Reason("onbekend", N_("Deze melding bestaat niet.")),
            then=(NextStep(N_("Bekijk je meldingen."), "/meldingen"),),
        )
    await mark_read(session, me.person_id, ids=[notice.id])
    return see_other(link_of(notice) if fields.one("naar") else "/meldingen")


@get("/meldingen/voorkeuren", policy="signed_in")
async def show_choices(request: Page, session: Session, me: Me) -> Response[str]:
    return await _choices(request, session, me, done=query_of(request).one("gelukt") == "1")


@post("/meldingen/voorkeuren", policy="signed_in")
async def set_choices(request: Page, session: Session, me: Me) -> Response[Any]:
    fields = await form_of(request)
    kinds = [kind.value for kind in Kind if kind is not Kind.ACCOUNT]
    fields.only(*kinds, "stil_van", "stil_tot")
    if me.person_id is None:
        return see_other("/meldingen")
    try:
        async with session.begin_nested():
            given = {kind: fields.one(kind) for kind in kinds if fields.one(kind)}
            await choose(session, me.person_id, given, fields.one("stil_van"), fields.one("stil_tot"))
    except Invalid as refusal:
        return await _choices(request, session, me, refusal=refusal, typed=fields.typed())
    return see_other("/meldingen/voorkeuren?gelukt=1")


@get("/meldingen/afmelden/{token:str}", policy="public")
async def show_stop(request: Page, token: FromPath[str], session: Session) -> Response[str]:
    _, kinds = await _stop(session, token)
    return _stopping(request, kinds, done=False)


@post("/meldingen/afmelden/{token:str}", policy="public", status_code=200)
async def stop(request: Page, token: FromPath[str], session: Session) -> Response[str]:
    """By the button of the page, or by a mail program in one click (RFC 8058). Twice is the same as once."""
    (await form_of(request)).only("List-Unsubscribe")
    person, kinds = await _stop(session, token)
    await stop_mail(session, person, kinds)
    return _stopping(request, kinds, done=True)


async def _stop(session: AsyncSession, token: str) -> tuple[UUID, frozenset[Kind]]:
    found = await stop_from(session, token)
    if found is None:
        raise NotFound(
            Reason("onbekend", N_("Dit adres om mail te stoppen klopt niet.")),
            then=(NextStep(N_("Log in en kies wat je per mail krijgt."), "/meldingen/voorkeuren"),),
        )
    return found


def _stopping(request: Page, kinds: frozenset[Kind], *, done: bool) -> Response[str]:
    speak = words(language_of(request))
    return page(
        request, "meldingen/afmelden.html", klaar=done, soorten=[speak.say(KINDS[kind][0]) for kind in sorted(kinds)]
    )


async def _list(request: Page, session: AsyncSession, me: Visitor) -> dict[str, Any]:
    query = query_of(request)
    query.only("voor", "alleen")
    only = query.one("alleen") == "ongelezen"
    before = _id(query.one("voor")) if query.one("voor") else None
    found, more = await notices_of(session, me.person_id, before=before, unread=only) if me.person_id else ([], None)
    names = await names_in(session, found)
    speak = words(language_of(request))
    lines = [
        Line(one.id, said(one, names, speak), link_of(one), speak.say(KINDS[kind][0]) if (kind := kind_of(one)) else "",
             one.at, one.read_at) for one in found
    ]  # fmt: skip
    further = f"/meldingen?voor={more}{'&alleen=ongelezen' if only else ''}" if more else ""
    return {
        "regels": lines,
        "verder": further,
        "alleen": only,
        "nieuwste": found[0].id if found and not before else None,
    }


async def _choices(
    request: Page, session: AsyncSession, me: Visitor, *, done: bool = False, refusal: Invalid | None = None,
    typed: dict[str, str] | None = None,
) -> Response[str]:  # fmt: skip
    mine = (await choices_of(session, [me.person_id])).get(me.person_id, Choices({})) if me.person_id else Choices({})
    speak = words(language_of(request))
    texts = sentences(request, refusal.reasons) if refusal else []
    kinds = [
        (kind.value, speak.say(name), speak.say(help_), (typed or {}).get(kind.value, mine.mail(kind)),
         [(mail.value, speak.say(text)) for mail, text in MAILS.items() if kind is not Kind.SEARCH or mail is not Mail.NOW])
        for kind, (name, help_) in KINDS.items() if kind is not Kind.ACCOUNT
    ]  # fmt: skip
    return page(
        request, "meldingen/voorkeuren.html", status=422 if refusal else 200, gelukt=done,
        mail_aan=request.app.state.settings.sends_mail, soorten=kinds,
        typed=typed or {"stil_van": _clock(mine, mine.quiet_from), "stil_tot": _clock(mine, mine.quiet_until)},
        fouten=dict(zip(refusal.fields, texts, strict=True)) if refusal else {},
        namen={"stil_van": speak.say(N_("Van")), "stil_tot": speak.say(N_("Tot")), **{k: name for k, name, *_ in kinds}},
    )  # fmt: skip


def _clock(mine: Choices, at: time) -> str:
    return "" if mine.quiet_from == mine.quiet_until else f"{at:%H:%M}"


def _id(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        raise Refused(400, "melding") from None


router = Router(
    path="/",
    route_handlers=[index, parts, bell, read_all, read_one, show_choices, set_choices, show_stop, stop],
)

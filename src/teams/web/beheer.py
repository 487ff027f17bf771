"""What the system administrator does: accounts, the right to administer (by two), imports, jobs and checks. No power in the organisation."""

from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth.actions import add_account
from teams.auth.users import (
    PAGE,
    accounts,
    ask_right,
    close_account,
    new_password,
    requests_waiting,
    settle_right,
    take_right,
)  # fmt: skip
from teams.http.refusals import status_of
from teams.http.wants import Me, Page, Session
from teams.kit.errors import Invalid, NotFound, Reason, Refusal
from teams.kit.forms import validated
from teams.kit.text import N_
from teams.people.forms import Email
from teams.web.answers import see_other
from teams.web.bewaren import by_of, told
from teams.web.forms import form_of, query_of
from teams.web.pages import page

RIGHTS = {"": N_("Geen bijzonder recht"), "raad": N_("Raadslezer"), "controller": N_("Concerncontroller")}


class AccountForm(BaseModel):
    """An account for someone who is known; for a reader of the council also without a person."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    email: Email


@get("/beheer", policy="operations")
async def show(request: Page, session: Session) -> Response[str]:
    return page(
        request, "beheer/index.html", vragen=await requests_waiting(session), gelukt=query_of(request).one("gelukt")
    )


@get("/beheer/controle", policy="operations")
async def checks(request: Page) -> Response[str]:
    """What `teams check` says, on a page."""
    state = request.app.state
    return page(request, "beheer/controle.html", bevindingen=await state.check(state.settings))


@get("/beheer/gebruikers", policy="operations")
async def index(request: Page, session: Session) -> Response[str]:
    return await _index(request, session)


@post("/beheer/gebruikers", policy="administrator", fresh="/beheer/gebruikers")
async def add(request: Page, session: Session, me: Me) -> Response[Any]:
    fields = await form_of(request)
    fields.only("email", "recht")
    try:
        async with session.begin_nested():
            right = fields.one("recht")
            if right not in RIGHTS:
                raise Invalid({"recht": Reason("recht", N_("Kies een recht uit de lijst."))})
            form = validated(AccountForm, {"email": fields.one("email")})
            password = await add_account(session, form.email, right=right or None, by=by_of(request, me))
    except Refusal as refusal:
        return await _index(request, session, refusal=refusal, typed=fields.typed())
    return await _index(request, session, made=(form.email, password))


@post("/beheer/gebruikers/{account_id:uuid}/{verb:str}", policy="administrator", fresh="/beheer/gebruikers")
async def act(
    request: Page, account_id: FromPath[UUID], verb: FromPath[str], session: Session, me: Me
) -> Response[Any]:
    (await form_of(request)).only()
    by = by_of(request, me)
    try:
        async with session.begin_nested():
            match verb:
                case "sluiting":
                    await close_account(session, account_id, by=by)
                case "wachtwoord":
                    made = await new_password(session, account_id, by=by)
                    return await _index(request, session, made=made)
                case "beheer":
                    await ask_right(session, account_id, by=by)
                case "geen-beheer":
                    await take_right(session, account_id, by=by)
                case _:
                    raise NotFound(Reason("onbekend", N_("Deze bladzijde is er niet.")))
    except NotFound:
        raise
    except Refusal as refusal:
        return await _index(request, session, refusal=refusal)
    return see_other(f"/beheer/gebruikers?gelukt={verb}")


@post("/beheer/rechten/{ask_id:uuid}/{verb:str}", policy="operations", fresh="/beheer")
async def settle(request: Page, ask_id: FromPath[UUID], verb: FromPath[str], session: Session, me: Me) -> Response[Any]:
    (await form_of(request)).only()
    if verb not in ("akkoord", "afwijzing"):
        raise NotFound(Reason("onbekend", N_("Deze bladzijde is er niet.")))
    await settle_right(session, ask_id, granted=verb == "akkoord", by=by_of(request, me))
    return see_other(f"/beheer?gelukt={verb}")


async def _index(
    request: Page, session: AsyncSession, *, refusal: Refusal | None = None, typed: dict[str, str] | None = None,
    made: tuple[str, str] | None = None,
) -> Response[str]:  # fmt: skip
    query = query_of(request)
    query.only("zoek", "vanaf", "gelukt")
    term, raw = query.one("zoek").strip()[:120], query.one("vanaf", "0")
    first = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 7 else 0
    rows = await accounts(session, term=term, first=first)
    return page(
        request, "beheer/gebruikers.html", status=status_of(refusal) if refusal else 200, rows=rows[:PAGE], zoek=term, rechten=RIGHTS,
        verder=first + PAGE if len(rows) > PAGE else None, terug=max(0, first - PAGE) if first else None, typed=typed or {},
        gemaakt=made, gelukt=query.one("gelukt"), **told(request, refusal),
    )  # fmt: skip


router = Router(path="/", route_handlers=[show, checks, index, add, act, settle])

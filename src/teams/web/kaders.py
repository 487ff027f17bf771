"""Frameworks: what an organ laid down, as of any day; entered by the secretary or the organ's own members."""

from typing import Any

from litestar import Response, Router, get, post

from teams.http.refusals import status_of
from teams.http.wants import Me, Page, Session
from teams.kit.clock import day_of, now
from teams.kit.errors import Invalid, Refusal
from teams.kit.forms import validated
from teams.mandates.actions.frameworks import set_framework
from teams.mandates.forms import KaderForm
from teams.mandates.queries.entry import organs
from teams.mandates.queries.frameworks import SHOWN, frameworks
from teams.web.answers import see_other
from teams.web.forms import form_of, iso_date
from teams.web.moments import ask
from teams.web.pages import page, sentences, steps

FIELDS = ("code", "titel", "tekst", "orgaan", "beslotenOp", "besluit", "van", "tot")


@get("/mandaten/kaders", policy="employee")
async def index(request: Page, session: Session, me: Me) -> Response[str]:
    return await _show(request, session, me)


@post("/mandaten/kaders", policy="employee")
async def create(request: Page, session: Session, me: Me) -> Response[Any]:
    fields = await form_of(request)
    fields.only(*FIELDS)
    values: dict[str, Any] = {name: fields.one(name) for name in FIELDS}
    values |= {name: iso_date(fields.one(name)) for name in ("beslotenOp", "van", "tot")}
    place = request.scope["state"]
    try:
        form = validated(KaderForm, {name: value for name, value in values.items() if value})
        async with session.begin_nested():
            by = me.actor(place["request_id"], place["address"])
            await set_framework(session, form, by=by, at=await now(session))
    except Refusal as refusal:
        return await _show(request, session, me, refusal=refusal, typed=fields.typed())
    return see_other("/mandaten/kaders?gelukt=kader")


async def _show(
    request: Page, session: Any, me: Any, *, refusal: Refusal | None = None, typed: dict[str, str] | None = None
) -> Response[str]:
    asked = await ask(request, session)
    texts = sentences(request, refusal.reasons) if refusal else []
    return page(
        request, "mandaten/kaders.html", status=status_of(refusal) if refusal else asked.status, vraag=asked,
        kaders=await frameworks(session, asked.moment), dag_van=day_of, typed=typed or {}, done=asked.query.one("gelukt"),
        organs=await organs(session), toon=SHOWN,
        may_enter=me.is_secretary or "bestuurder" in me.rights, redenen=[] if isinstance(refusal, Invalid) else texts,
        fouten=dict(zip(refusal.fields, texts, strict=True)) if isinstance(refusal, Invalid) else {},
        vervolg=steps(request, refusal.then) if refusal else [],
    )  # fmt: skip


router = Router(path="/", route_handlers=[index, create])

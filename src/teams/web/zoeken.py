"""The one search box at the top of every page, and what it finds: grouped, with the words marked."""

from urllib.parse import quote

from litestar import Response, Router, get

from teams.auth.models import Visitor
from teams.http.readable import Refused
from teams.http.wants import Me, Page, Session
from teams.kit.text import N_
from teams.reports.search import KINDS, LONGEST, REGISTER, Hit, may_find, search
from teams.web.moments import Asked, ask
from teams.web.pages import page
from teams.web.voorstel import title_of

HEADS = {
    "rol": N_("Rollen: wie is waarvoor verantwoordelijk"), "persoon": N_("Mensen"), "team": N_("Teams"), "afspraak": N_("Afspraken"),
    "klus": N_("Klussen"), "bevoegdheid": N_("Bevoegdheden"), "mandaat": N_("Mandaten"), "voorstel": N_("Voorstellen"),
    "besluit": N_("Besluiten"),
}  # fmt: skip
_PATHS = {
    "rol": "/rollen/{}", "persoon": "/personen/{}", "team": "/teams/{}", "klus": "/klussen/{}", "voorstel": "/voorstellen/{}",
    "besluit": "/besluiten/{}", "bevoegdheid": "/mandaten?bevoegdheid={}", "mandaat": "/mandaten/{}",
}  # fmt: skip
_OF_THEN = ("rol", "persoon", "team", "afspraak", "bevoegdheid", "mandaat")


@get("/zoeken", policy="signed_in")
async def index(request: Page, session: Session, me: Me) -> Response[str]:
    asked = await ask(request, session)
    asked.query.only("zoek", "soort", "op", "bekend")
    word, kind = asked.query.one("zoek"), asked.query.one("soort")
    long = len(word) > LONGEST
    if kind and kind not in KINDS:
        raise Refused(400, "soort")
    found = await search(session, "" if long else word, me.actor(), asked.moment, kind=kind)
    return page(
        request, "zoeken/index.html", status=422 if long else asked.status, te_lang=LONGEST if long else 0, vraag=asked, zoek=word, soort=kind, koppen=HEADS,
        groepen=[(one, [_drawn(hit, asked, me) for hit in hits], more) for one, hits, more in found.groups],
        gelijkend=found.alike, meer_dan=[one for one in may_find(me.actor()) if one in found.cut], aantal=found.number, soorten=may_find(me.actor()), register=may_find(me.actor()) is REGISTER,
    )  # fmt: skip


def address(hit: Hit, me: Visitor) -> str:
    """Where what was found has its page; who reads only the register goes to the public one."""
    if hit.kind == "afspraak":
        return f"/teams/{hit.place_key}#afspraken"
    if hit.kind in REGISTER and not me.is_employee:
        return "/openbaar/mandaten?" + ("zoek={}" if hit.kind == "mandaat" else "bevoegdheid={}").format(
            quote(hit.key, safe="")
        )
    return _PATHS[hit.kind].format(quote(hit.key, safe=""))


def _drawn(hit: Hit, asked: Asked, me: Visitor) -> tuple[Hit, str, str]:
    """The hit, where it leads, and a title where it has no words of its own."""
    path = address(hit, me)
    if asked.moment.is_now or hit.kind not in _OF_THEN:
        link = path
    else:
        base, _, fragment = path.partition("#")
        base, _, query = base.partition("?")
        name, _, value = query.partition("=")
        link = asked.to(base, **({name: value} if query else {})) + (f"#{fragment}" if fragment else "")
    title = ""
    if hit.kind == "voorstel":
        title = title_of(hit.more["changes"], hit.more["roles"] or {}, asked.speak, hit.more["role"] or "")
    return hit, link, title


router = Router(path="/", route_handlers=[index])

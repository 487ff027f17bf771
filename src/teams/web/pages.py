"""Drawing a page: one Jinja environment a language, and what every template may use."""

from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, nodes
from jinja2.visitor import NodeTransformer
from litestar import Response
from markupsafe import Markup

from teams.auth.models import Visitor
from teams.auth.passkeys import Place, place_of
from teams.auth.sessions import form_token
from teams.http.wants import Page, language_of
from teams.http.words import catalogue, words
from teams.kit.errors import NextStep, Reason
from teams.kit.migrate import folder
from teams.kit.money import format_euro
from teams.kit.text import N_
from teams.web.static import static

MENU = (
    ("/", N_("Mijn week"), "week"),
    ("/klussen", N_("Klussen"), "klussen"),
    ("/organisatie", N_("Organisatie"), "org"),
    ("/voorstellen", N_("Voorstellen"), "voorstellen"),
    ("/overleggen", N_("Overleggen"), "overleggen"),
    ("/mag-ik-dit", N_("Mag ik dit?"), "mag"),
    ("/besluiten", N_("Besluiten"), "besluiten"),
    ("/mandaten", N_("Mandaten"), "mandaten"),
)
_LOG = ("/mandaatlogboek", N_("Logboek"), "logboek")
MORE = (
    ("secretaris", _LOG),
    ("controller", _LOG),
    ("bestuurder", _LOG),
    ("raad", ("/verantwoording", N_("Verantwoording"), "logboek")),
)
"""What stands in the menu for some rights only."""


class _Translated(NodeTransformer):
    """Puts the words of one language into a template when it is compiled: `_("Klus")` costs nothing on a page."""

    def __init__(self, language: str) -> None:
        self.translate = catalogue(language).gettext

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        self.generic_visit(node)
        match node:
            case nodes.Call(node=nodes.Name(name="_" | "gettext"), args=[nodes.Const(value=str(text))], kwargs=[]):
                return nodes.Const(Markup(self.translate(text)) % {}, lineno=node.lineno)  # noqa: S704 - our own words
        return node


class _Environment(Environment):
    """An environment of one language."""

    def __init__(self, language: str, **options: Any) -> None:
        super().__init__(**options)
        self.words = _Translated(language)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        parsed: nodes.Template = self.words.visit(super()._parse(source, name, filename))
        return parsed


@cache
def environment(language: str) -> Environment:
    env = _Environment(
        language,
        loader=FileSystemLoader(folder("templates")),
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    env.install_gettext_translations(catalogue(language), newstyle=True)  # type: ignore[attr-defined]
    speak = words(language)
    env.filters.update(
        dag=speak.day, kort=speak.short, weekdag=speak.weekday, moment=speak.moment, getal=speak.number,
        stand=speak.state, reden=speak.reason, euro=format_euro,
    )  # fmt: skip
    env.globals.update(static=static, periode=speak.period, lang=language, zeg=speak.say)
    for part in ("files", "offline"):  # the same on every page
        env.globals[part] = Markup(env.get_template(f"_{part}.html").render())  # noqa: S704 - the template escapes
    return env


def is_htmx(request: Page) -> bool:
    return request.headers.get("hx-request") == "true"


def render(request: Page, template: str, **context: Any) -> str:
    state = request.scope["state"]
    visitor: Visitor | None = state.get("visitor")
    language = language_of(request)
    settings = request.app.state.settings
    frame = {
        "me": visitor,
        "csrf": form_token(state["session_id"]) if state.get("session_id") or state.get("fresh_cookie") else None,
        "municipality": settings.municipality,
        "demo": settings.demo,
        "path": request.url.path,
        "nav": menu(visitor, language),
    }
    return environment(language).get_template(template).render(**frame, **context)


def page(request: Page, template: str, *, status: int = 200, **context: Any) -> Response[str]:
    """A page, or the fragment that htmx asked for, as this person sees it."""
    return Response(render(request, template, status=status, **context), media_type="text/html", status_code=status)


def place_here(request: Page) -> Place | None:
    """Where passkeys belong to us, as this browser reaches us."""
    return place_of(request.app.state.settings.public_url, request.headers.get("host", ""))


def menu(visitor: Visitor | None, language: str) -> list[tuple[str, str, str]]:
    """Only what is there and may be seen."""
    if visitor is None or visitor.held:
        return []
    speak = words(language)
    mine = [*MENU] if visitor.is_employee else []
    mine += [item for right, item in MORE if right in visitor.rights]
    return [(href, speak.say(label), key) for href, label, key in dict.fromkeys(mine)]


def sentences(request: Page, items: tuple[Reason, ...]) -> list[str]:
    speak = words(language_of(request))
    return [speak.reason(item) for item in items]


def steps(request: Page, items: tuple[NextStep, ...]) -> list[tuple[str, str | None]]:
    speak = words(language_of(request))
    return [(speak.reason(item), item.url) for item in items]

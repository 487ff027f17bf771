"""How a page answers: a redirect after a post, and every error as a page or a fragment."""

from typing import Any
from urllib.parse import parse_qsl

from litestar import Response
from litestar.exceptions import HTTPException
from litestar.response import Redirect

from teams.auth.refused import TooMany
from teams.http.gate import SAFE
from teams.http.readable import Refused
from teams.http.refusals import read_error
from teams.http.wants import MustChangePassword, NotSignedIn, Page
from teams.web.pages import is_htmx, page, sentences, steps


def see_other(url: str) -> Redirect:
    """After a post a plain browser gets the page itself, by GET."""
    return Redirect(url, status_code=303)


def inside(goal: str) -> str:
    """Only an address inside Teams; anything else leads to the start (standards 4, row 17)."""
    good = goal.startswith("/") and not goal.startswith(("//", "/\\")) and not any(c in goal for c in "\r\n\\\t")
    return goal if good else "/"


def typed_again(request: Page) -> list[tuple[str, str]]:
    """What a form said that could not be taken now, to send once more; a password is typed again by hand."""
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return []
    body = request.scope["state"].get("body", b"").decode("utf-8", "replace")
    fields = parse_qsl(body, keep_blank_values=True)
    secret = any(part in name for name, _ in fields for part in ("wachtwoord", "code"))
    return [] if secret else fields


def refuse(request: Page, error: Exception) -> Response[Any]:
    """Every error of a page as a page (or a fragment), never a stack trace."""
    state = request.scope["state"]
    if isinstance(error, NotSignedIn):
        goal = request.url.path if request.method in SAFE else "/"
        url = f"/inloggen?next={goal}" if goal != "/" else "/inloggen"
        return Response("", status_code=401, headers={"HX-Redirect": url}) if is_htmx(request) else see_other(url)
    if isinstance(error, MustChangePassword):
        return see_other(error.goal)
    status, reasons, then = read_error(request, error)
    template = "_weigering.html" if is_htmx(request) else "error.html"
    answer = page(
        request, template, status=status, kop=None, zin=None, redenen=sentences(request, reasons),
        vervolg=steps(request, then), verzoek=state.get("request_id") if status >= 500 else None,
        nogmaals=typed_again(request) if status == 503 else (),
    )  # fmt: skip
    if isinstance(error, HTTPException) and error.status_code == 405:
        answer.headers.update(error.headers or {})  # Allow, which RFC 9110 asks for
    if status in (429, 503):
        told = dict(error.headers).get(b"retry-after", b"2").decode() if isinstance(error, Refused) else "2"
        answer.headers["Retry-After"] = str(error.wait) if isinstance(error, TooMany) else told
    return answer

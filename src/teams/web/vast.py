"""Pages with a fixed text, and the two questions of a load balancer."""

from datetime import UTC, datetime
from typing import Any

from litestar import Response, Router, get
from litestar.datastructures import State
from sqlalchemy import text

from teams.http import draining
from teams.http.wants import Page
from teams.kit.errors import NotFound, Reason
from teams.kit.text import N_
from teams.web.pages import page


@get("/hulp", policy="public")
async def help_page(request: Page) -> Response[str]:
    return page(request, "pages/hulp.html")


@get("/spelregels", policy="public")
async def rules(request: Page) -> Response[str]:
    return page(request, "pages/spelregels.html")


@get("/privacy", policy="public")
async def privacy(request: Page) -> Response[str]:
    return page(request, "pages/privacy.html")


@get("/toegankelijkheid", policy="public")
async def accessibility(request: Page) -> Response[str]:
    return page(request, "pages/toegankelijkheid.html")


@get("/health/live", policy="public", include_in_schema=False)
async def live() -> dict[str, Any]:
    return {"status": "ok"}


@get("/health/ready", policy="public", include_in_schema=False)
async def ready(state: State) -> Response[dict[str, Any]]:
    """503 while stopping, while the database does not answer, or while its schema is older than this program wants.

    A newer schema is good: an older version keeps working on it while a new one is rolled out.
    """
    if draining.begun():
        return Response({"status": "stopt"}, status_code=503)
    try:
        async with state.database.read() as session:
            revision = await session.scalar(text("select version_num from alembic_version"))
    except Exception:
        return Response({"status": "database"}, status_code=503)
    good = revision is not None and revision not in state.older
    return Response({"status": "ok" if good else "migratie"}, status_code=200 if good else 503)


@get("/.well-known/security.txt", policy="public", include_in_schema=False)
async def security(state: State, request: Page) -> Response[str]:
    """RFC 9116: where to report a weak spot. Holds for half a year from the first of this month."""
    settings = state.settings
    if not settings.security_contact:
        raise NotFound(Reason("onbekend", N_("Deze bladzijde is er niet.")))
    today = datetime.now(UTC)
    expires = datetime(today.year + (today.month > 6), (today.month + 5) % 12 + 1, 1, tzinfo=UTC)
    lines = [
        f"Contact: {settings.security_contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: nl, en",
    ]
    place = settings.public_url.rstrip("/") or next((f"https://{name}" for name in sorted(settings.host_list)), "")
    if place:
        lines.append(f"Canonical: {place}/.well-known/security.txt")
    return Response("\n".join(lines) + "\n", media_type="text/plain")


router = Router(path="/", route_handlers=[help_page, rules, privacy, accessibility, live, ready, security])

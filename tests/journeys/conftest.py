"""One Chromium and one filled Zandermeer for the run; a copy with a server for each file; a fresh visitor for each test that acts."""

import asyncio
import itertools
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import date
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Response,
    ViewportSize,
    async_playwright,
    expect,
)

from teams.demo.postgres import Server
from teams.demo.seed import seed
from tests.browsing import chromium
from tests.journeys.audit import Validator
from tests.journeys.site import Site, serving
from tests.places import Place

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
REPORT_VIOLATIONS = (
    "document.addEventListener('securitypolicyviolation',"
    " (event) => console.error(`policy violated: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`))"
)
REFUSED = re.compile(r"status of (400|401|403|404|409|422)\b")
WIDE, NARROW = ViewportSize(width=1360, height=900), ViewportSize(width=390, height=844)
_numbers = itertools.count(1)

Visit = Callable[..., Awaitable[Page]]
expect.set_options(timeout=30_000)  # a machine that is busy is not a fault


@pytest.fixture(scope="session")
def zandermeer(server: Server) -> str:
    """The name of a template database with the whole demo in it."""
    name = "zandermeer"
    asyncio.run(_copy(server, "teams", name))
    asyncio.run(seed(server.url("teams_owner", name), date.today(), lambda said: None))
    return name


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield running
        await running.close()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def site(server: Server, zandermeer: str) -> AsyncIterator[Site]:
    name = f"journey_{next(_numbers)}"
    await _copy(server, zandermeer, name)
    async with serving(Place(server, name)) as running:
        yield running


async def _copy(server: Server, source: str, name: str) -> None:
    boss = await asyncpg.connect(server.url("postgres", "postgres"))
    await boss.execute(f'create database "{name}" template "{source}" owner teams_owner strategy file_copy')
    await boss.close()


class Faults(list[str]):
    """What a page must never do: break its own content policy, write errors to the console, get a 5xx."""

    def watch(self, page: Page) -> Callable[[], None]:
        """From now on; what it returns ends it."""

        def broken(error: Any) -> None:
            self.append(f"{page.url}: {error}")

        listeners: dict[Any, Callable[..., None]] = {
            "console": self._console, "pageerror": broken, "response": self._response,
        }  # fmt: skip
        for event, listener in listeners.items():
            page.on(event, listener)

        def end() -> None:
            for event, listener in listeners.items():
                page.remove_listener(event, listener)

        return end

    def _console(self, message: ConsoleMessage) -> None:
        own_answer = REFUSED.search(message.text) and "/static/" not in message.location.get("url", "")
        if message.type in ("error", "warning") and not own_answer:
            self.append(f"{message.location.get('url')}: {message.text}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.append(f"{response.url}: {response.status}")


@pytest.fixture
def faults() -> Iterator[Faults]:
    """Any fault on any page fails the test; a test that breaks the server on purpose clears them."""
    seen = Faults()
    yield seen
    assert seen == []


async def _enter(site: Site, browser: Browser, email: str | None, **options: Any) -> Page:
    context = await browser.new_context(
        **{"base_url": site.url, "viewport": WIDE, "locale": "nl-NL", "reduced_motion": "reduce", **options}
    )
    context.set_default_timeout(45_000)  # a wait ends when it is over, not by this
    await context.add_init_script(REPORT_VIOLATIONS)
    if email is not None:
        await context.add_cookies([await site.cookie(email)])
    return await context.new_page()


@pytest_asyncio.fixture(loop_scope="session")
async def visit(site: Site, browser: Browser, faults: Faults) -> AsyncIterator[Visit]:
    """`page = await visit(MEDEWERKER)`: a browser of its own, signed in; `None` has no account."""
    contexts: list[BrowserContext] = []

    async def visit(email: str | None, **options: Any) -> Page:
        page = await _enter(site, browser, email, **options)
        contexts.append(page.context)
        faults.watch(page)
        return page

    yield visit
    for context in contexts:
        await context.close()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def readers() -> AsyncIterator[dict[str | None, Page]]:
    """One page for each account that only reads."""
    pages: dict[str | None, Page] = {}
    yield pages
    for page in pages.values():
        await page.context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def read(site: Site, browser: Browser, readers: dict[str | None, Page], faults: Faults) -> AsyncIterator[Visit]:
    """`visit` for who opens one address and does nothing there: the page goes from test to test, wide, light and empty."""
    used: list[tuple[Page, Callable[[], None]]] = []

    async def read(email: str | None) -> Page:
        page = readers[email] = readers.get(email) or await _enter(site, browser, email)
        await page.set_viewport_size(WIDE)
        await page.emulate_media(color_scheme="light", media="screen")
        used.append((page, faults.watch(page)))
        return page

    yield read
    for page, watched_no_more in used:
        await page.goto("about:blank")
        watched_no_more()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def validator() -> AsyncIterator[Validator]:
    running = await Validator.start()
    yield running
    await running.stop()

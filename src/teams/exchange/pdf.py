"""Accessible PDF (PDF/UA-1) from typst templates; every font is inside typst, so a page looks the same anywhere."""

import json
import re
import unicodedata
from datetime import datetime
from typing import Any

from teams.kit.clock import AMSTERDAM
from teams.kit.migrate import folder

_LATIN = re.compile("[ -~\u00a0-\u024f]")
_FONTS = re.compile(
    "[ -~\u00a0-\u0482\u048a-\u04ff\u1e00-\u1eff\u2000-\u2040\u2044-\u2052\u2054-\u20cf"
    "\u2100-\u211e\u2190-\u22ff\u25a0-\u25ff\ufb00-\ufb06]"
)


def pdf(template: str, data: Any, *, at: datetime) -> bytes:
    """`templates/pdf/TEMPLATE.typ` with `data` as JSON; the same data and moment give the same bytes. Takes processor time: call it in a thread."""
    import typst  # 7 MiB that no page needs

    text = json.dumps(data, ensure_ascii=False)
    for known in (_FONTS, _LATIN):
        try:
            return _made(template, text, at)
        except typst.TypstError as error:
            if "could not be displayed" not in str(error):
                raise
        text = _shown(text, known)
    return _made(template, text, at)


def _made(template: str, text: str, at: datetime) -> bytes:
    import typst

    root = folder("templates") / "pdf"
    made: bytes = typst.compile(
        root / f"{template}.typ",
        root=root,
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"data": text},
        pdf_standards="ua-1",
        timestamp=int(at.astimezone(AMSTERDAM).timestamp()),
    )
    return made


def _shown(text: str, known: re.Pattern[str]) -> str:
    """With a box for each sign that no font inside typst has, as an emoji: PDF/UA takes no text that cannot be seen."""
    seen = (char if known.match(char) and unicodedata.category(char) != "Cn" else "□" for char in text)
    return re.sub("□[□\u200d]*", "□", "".join(seen))

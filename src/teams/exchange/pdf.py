"""Accessible PDF (PDF/UA-1) from typst templates; every font is inside typst, so a page looks the same anywhere."""

import json
from datetime import datetime
from typing import Any

from teams.kit.clock import AMSTERDAM
from teams.kit.migrate import folder


def pdf(template: str, data: Any, *, at: datetime) -> bytes:
    """`templates/pdf/TEMPLATE.typ` with `data` as JSON; the same data and moment give the same bytes. Takes processor time: call it in a thread."""
    root = folder("templates") / "pdf"
    import typst  # 7 MiB that no page needs

    made: bytes = typst.compile(
        root / f"{template}.typ",
        root=root,
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards="ua-1",
        timestamp=int(at.astimezone(AMSTERDAM).timestamp()),
    )
    return made

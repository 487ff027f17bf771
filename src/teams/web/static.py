"""Static files, read once, sent squeezed, kept by the browser for a year under an address that names their content."""

import gzip
import hashlib
import mimetypes
from pathlib import Path
from typing import Any, NamedTuple

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from teams.http.wants import Page

FOLDER = Path(__file__).parent / "static"


class Asset(NamedTuple):
    kind: str
    plain: bytes
    squeezed: bytes | None
    mark: str


def _load() -> dict[str, Asset]:
    assets = {}
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            data = path.read_bytes()
            kind = "font/woff2" if path.suffix == ".woff2" else mimetypes.guess_type(path.name)[0] or "text/plain"
            squeezed = None if path.suffix == ".woff2" else gzip.compress(data, 9, mtime=0)
            name = path.relative_to(FOLDER).as_posix()
            assets[name] = Asset(kind, data, squeezed, hashlib.sha256(data).hexdigest()[:12])
    return assets


ASSETS = _load()


def static(name: str) -> str:
    """The address of a static file, with the mark of its content."""
    asset = ASSETS.get(name)
    return f"/static/{name}?v={asset.mark}" if asset else f"/static/{name}"


@get("/static/{name:path}", policy="public", include_in_schema=False)
async def send_static(request: Page, name: FromPath[str]) -> Response[bytes]:
    asset = ASSETS.get(name.lstrip("/"))
    if asset is None:
        raise NotFoundException
    headers: dict[str, Any] = {"etag": f'"{asset.mark}"', "vary": "Accept-Encoding"}
    fixed = request.query_params.get("v") == asset.mark
    headers["cache-control"] = "public, max-age=31536000, immutable" if fixed else "public, max-age=300"
    if request.headers.get("if-none-match") == headers["etag"]:
        return Response(b"", status_code=304, headers=headers, media_type=asset.kind)
    if asset.squeezed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        headers["content-encoding"] = "gzip"
        return Response(asset.squeezed, headers=headers, media_type=asset.kind)
    return Response(asset.plain, headers=headers, media_type=asset.kind)

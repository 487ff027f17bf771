"""What the world may have of the log: the signed head, hash tiles, the key, the checker, and what a receipt means."""

import re
from pathlib import Path

from litestar import Response, Router, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from teams.http.wants import Page, Session
from teams.ledger import queries, verifier
from teams.ledger.note import parse_vkey
from teams.ledger.tiles import TILE_WIDTH, Tile
from teams.web.pages import page

_TILE = re.compile(r"(0|[1-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")
_CHECKER = Path(verifier.__file__).read_bytes()
_TEXT = "text/plain"


@get("/logboek/checkpoint", policy="public", include_in_schema=False)
async def checkpoint(session: Session) -> Response[str]:
    head = await queries.newest_head(session)
    if head is None:
        raise NotFoundException
    return Response(head.note, media_type=_TEXT, headers={"cache-control": "no-cache"})


@get("/logboek/tile/{path:path}", policy="public", include_in_schema=False)
async def tile(path: FromPath[str], session: Session) -> Response[bytes]:
    """Hash tiles only (C2SP tlog-tiles); whole entries are for auditors, in an export."""
    asked, head = _tile(path.lstrip("/")), await queries.newest_head(session)
    if asked is None or asked.level is None or head is None:
        raise NotFoundException
    if asked.index * TILE_WIDTH + asked.width > head.size >> 8 * asked.level:
        raise NotFoundException
    raw = asked.hashes(await queries.stored(session, head.log, asked.coords()))
    whole = "public, max-age=31536000, immutable" if asked.width == TILE_WIDTH else "public, max-age=60"
    return Response(raw, media_type="application/octet-stream", headers={"cache-control": whole})


@get("/logboek/vkey", policy="public", include_in_schema=False)
async def vkey(session: Session) -> Response[str]:
    """The keys in use, one a line: to compare with the ones on paper, never instead of them."""
    return Response("".join(f"{key}\n" for key in await queries.keys_in_use(session)), media_type=_TEXT)


@get("/logboek/controle.py", policy="public", include_in_schema=False)
async def checker() -> Response[bytes]:
    headers = {"content-disposition": 'attachment; filename="controle.py"'}
    return Response(_CHECKER, media_type="text/x-python", headers=headers)


@get("/logboek/uitleg", policy="public", include_in_schema=False)
async def explain(request: Page, session: Session) -> Response[str]:
    """A receipt in ten sentences, and how to check one without this program."""
    keys = [(key, parse_vkey(key).key_id.hex()) for key in await queries.keys_in_use(session)]
    return page(request, "logboek/uitleg.html", head=await queries.newest_head(session), keys=keys)


def _tile(path: str) -> Tile | None:
    """The tile of this address, when it is the one spelling of it."""
    parts = _TILE.fullmatch(path)
    if parts is None:
        return None
    index = int(parts[2].replace("x", "").replace("/", ""))
    found = Tile(int(parts[1]), index, int(parts[3] or TILE_WIDTH))
    return found if found.path == f"tile/{path}" and found.width <= TILE_WIDTH else None


router = Router(path="/", route_handlers=[checkpoint, tile, vkey, checker, explain])

"""The directory at the gate: `/scim/` opens with its own token, at its own pace, and from its own addresses."""

import ipaddress
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth.scim_tokens import directory_by_token
from teams.http.readable import Refused

PATH = "/scim/"
OUTSIDE = "adres"


async def directory_comes(session: AsyncSession, bearer: str, state: dict[str, Any], networks: str) -> None:
    """Sets `state['directory']`; refuses a wrong token with 401, too many with 429, another address with 403."""
    if not bearer:
        return
    state["token_auth"] = True
    if networks and not _inside(state["address"], networks):
        raise Refused(403, OUTSIDE)
    scheme, _, token = bearer.partition(" ")
    found, wait = await directory_by_token(
        session, token.strip() if scheme.lower() == "bearer" else "", address=state["address"]
    )
    if wait:
        raise Refused(429, "Authorization", [(b"retry-after", str(wait).encode())])
    if found is None:
        raise Refused(401, "Authorization", [(b"www-authenticate", b"Bearer")])
    state["directory"] = found


def _inside(address: str, networks: str) -> bool:
    try:
        where = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(where in ipaddress.ip_network(one.strip(), strict=False) for one in networks.split(",") if one.strip())

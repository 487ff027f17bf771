"""No page escapes the audit: every GET route is audited, or is named as no page."""

import re
from pathlib import Path

from teams.app import create_app
from teams.kit.settings import Settings
from tests.journeys.register import BY_ACTS, NO_PAGE, SEEN
from tests.journeys.states import ADDRESSES, FOUND

OTHER_FACES = ("/api/", "/scim/")


def routes() -> set[str]:
    app = create_app(Settings(database_url="postgresql://teams_app@localhost/none")).app
    return {
        route.path
        for route in app.routes
        for handler in getattr(route, "route_handlers", [])
        if "GET" in handler.http_methods and not route.path.startswith(OTHER_FACES)
    }


def route_of(address: str, known: set[str]) -> str | None:
    """The route that answers an address: of those that fit, the one with the fewest parts left open."""
    path = re.sub(r"\?.*", "", address).replace("{}", "01a162e9-0200-700a-af38-e08b98bf4000")
    fitting = [route for route in known if re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", route.replace(".", r"\.")), path)]
    return min(fitting, key=lambda route: route.count("{"), default=None)


def test_every_get_route_is_audited_or_is_no_page() -> None:
    known = routes()
    addresses = [case[2] for case in ADDRESSES] + [case[1] for case in FOUND] + [case[2] for case in SEEN]
    audited = {route_of(address, known) for address in addresses} | set(BY_ACTS)
    assert known - audited - set(NO_PAGE) == set(), "add these to SEEN, or say in NO_PAGE why they are no page"
    assert {
        address for address in addresses if "bestaat-niet" not in address and route_of(address, known) is None
    } == set()


def test_a_list_names_only_routes_that_exist() -> None:
    assert (set(NO_PAGE) | set(BY_ACTS)) - routes() == set()
    for name in set(BY_ACTS.values()):
        assert (Path(__file__).parent / name).exists(), name

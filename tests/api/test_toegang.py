"""Who may call what: every route × every kind of person, and how many statements a call costs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event

from teams.api.router import HANDLERS
from teams.http.wants import Policy
from teams.kit.db import Database
from tests.api.conftest import Call, codes, published
from tests.world import World

INSIDE = {"aya", "sef", "beer", "kees", "wil"}
MAY = {
    Policy.SIGNED_IN: INSIDE | {"gea"},  # the register of mandates is open to the council's reader too
    Policy.EMPLOYEE: INSIDE,
    Policy.CLAIMANT: INSIDE - {"wil"},
    Policy.SECRETARY: {"sef"},
}


def test_every_call_names_a_policy() -> None:
    for handler in HANDLERS:
        assert Policy(handler.opt["policy"]) in MAY, handler.paths


@pytest.mark.parametrize("name", [*sorted(INSIDE), "gea", None])
async def test_person_by_route(call: Call, world: World, name: str | None) -> None:
    """What exists for nobody tells the policies apart: 404 or 400 inside, 403 or 401 at the door."""
    who = await call(name)
    for handler in HANDLERS:
        path = sorted(handler.paths)[0].replace("{id:uuid}", str(uuid4()))
        method = sorted(handler.http_methods)[0]
        answer = await who.request(method, path, json={} if method != "GET" else None)
        if name is None:
            assert answer.status_code == 401, (method, path)
        elif name in MAY[Policy(handler.opt["policy"])]:
            assert answer.status_code in (200, 400, 404), (method, path, answer.text)
        else:
            assert (answer.status_code, codes(answer)) == (403, ["geen_recht"]), (method, path)


@contextmanager
def counted(db: Database) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        sent.append(statement)

    event.listen(db.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine.sync_engine, "before_cursor_execute", note)


async def test_statements_do_not_grow_with_rows(call: Call, db: Database, world: World) -> None:
    aya, cato = await call("aya"), await call("cato")
    made = [await published(aya, world.teams["groen"], urenMin=2) for _ in range(4)]
    claims = [(await cato.post(f"/klussen/{klus['id']}/inzet")).json() for klus in made]
    for path, most in (
        ("/klussen", 2), ("/klussen?aantal=1", 2), (f"/klussen/{made[0]['id']}", 2), (f"/inzet/{claims[0]['id']}", 2),
        ("/teams", 2), (f"/teams/{world.teams['groen']}", 4), (f"/rollen/{world.roles['boom']}", 2),
        ("/personen", 2), (f"/personen/{world.people['aya']}", 2),
    ):  # fmt: skip
        with counted(db) as sent:
            assert (await cato.get(path)).status_code == 200
        assert len(sent) <= most, (path, sent)
    last = await published(aya, world.teams["groen"], urenMin=1)
    with counted(db) as sent:
        assert (await cato.post(f"/klussen/{last['id']}/inzet")).status_code == 201
    assert len(sent) <= 3, sent

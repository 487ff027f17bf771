"""Activity from the journal: of one subject, newest first, in pages that meet each entry once."""

from teams.journal.models import Note, record
from teams.journal.queries import activity_of
from teams.kit.clock import now
from teams.kit.db import Database
from tests.world import World


async def test_pages_of_activity_meet_each_entry_once_newest_first(db: Database, world: World) -> None:
    role, other = world.roles["boom"], world.roles["water"]
    for number in range(7):
        async with db.begin() as session:
            note = Note("role.changed", (("role", role), ("team", world.teams["groen"])), {"n": number}, {"name": "x"})
            await record(session, note, by=world.actor("aya"))
            await record(session, Note("role.ended", (("role", other),), {"n": number}), by=world.actor("aya"))
    async with db.read() as session:
        seen, before = [], None
        while True:
            entries, before = await activity_of(session, "role", role, before=before, limit=3)
            seen += [entry.facts["n"] for entry in entries]
            if before is None:
                break
        first = (await activity_of(session, "role", role, limit=1))[0][0]
    assert seen == [6, 5, 4, 3, 2, 1, 0]
    assert (first.actor, first.subject("role"), first.subject("klus")) == (world.people["aya"], role, None)
    assert first.texts == {"name": "x"}


async def test_only_the_verbs_asked_for_and_only_what_was_written_then(db: Database, world: World) -> None:
    role = world.roles["boom"]
    for verb in ("role.created", "role.changed"):
        async with db.begin() as session:
            await record(session, Note(verb, (("role", role),)), by=world.actor("aya"))
            moment = await now(session)
    async with db.read() as session:
        only, _ = await activity_of(session, "role", role, verbs=["role.created"])
        then, _ = await activity_of(session, "role", role, known=only[0].at)
        both, _ = await activity_of(session, "role", role, known=moment)
    assert [entry.verb for entry in only] == ["role.created"]
    assert [entry.verb for entry in then] == ["role.created"]
    assert len(both) == 2

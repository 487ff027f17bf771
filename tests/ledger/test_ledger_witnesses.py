"""How many witnesses must sign along before a decision is called recorded: a setting, on page, API, receipt and command alike."""

from html import unescape

import asyncpg
import pytest
from tests.decisions.desk import SUBSIDY, desks
from tests.ledger.acts import act, sequence_all
from tests.ledger.test_ledger_signer import Notary, signer

from teams.ledger import keys, verifier
from teams.ledger.memory import Files
from teams.ledger.queries import Standing, covered, newest_head, receipt_of
from teams.ledger.witness import ask

ORIGIN = "mandaat.proefdam.nl/log1"


@pytest.fixture
def files(tmp_path):
    return Files(tmp_path / "key", tmp_path / "state.json")


@pytest.fixture
async def signing(place):
    connection = await asyncpg.connect(place.url("teams_signer"))
    yield connection
    await connection.close()


@pytest.mark.slow
async def test_recorded_means_what_the_quorum_says(place, db, owner, worker, signing, files, tmp_path):
    vkey = await keys.begin(signing, files, ORIGIN)
    first, second = Notary(vkey), Notary(vkey, "controller.proefdam.nl")
    one = await signer(signing, files)
    async with desks(place, db, owner, witness_quorum=2, demo=True) as desk:
        noor, coen = await desk("noor"), await desk("coen")
        made = await noor.json("POST", "/api/v1/besluiten", {**SUBSIDY, "zaak": "26-1"})
        number = made.json()["nummer"]
        seen = {}

        async def look(moment):
            page = unescape((await noor.get(f"/besluiten/{number}?gelukt=1")).text)
            told = (await noor.get(f"/api/v1/besluiten/{number}")).json()
            receipt = await noor.get(f"/besluiten/{number}/bewijs")
            log = unescape((await coen.get("/mandaatlogboek")).text)
            assert (told["stand"] == "vastgelegd") == told["vastgelegd"] == (receipt.status_code == 200)
            assert ("Vastgelegd en controleerbaar" in page) == told["vastgelegd"]
            assert ("Het logboek neemt het over" in page) == (not told["vastgelegd"])
            assert ("nog te controleren" in log) == (not told["vastgelegd"])
            seen[moment] = (told["stand"], "wacht op een getuige" in page, "wachten op een getuige" in log)
            return receipt

        await look("written")
        await sequence_all(worker)
        await one.step()
        await look("signed")
        for moment, witness in (("one witness", first), ("two witnesses", second)):
            async with witness.client() as client:
                assert await ask(signing, client, witness.known, 1)
            receipt = await look(moment)
        assert seen == {
            "written": ("in_behandeling", False, False),
            "signed": ("wacht_op_getuige", True, True),
            "one witness": ("wacht_op_getuige", True, True),
            "two witnesses": ("vastgelegd", False, False),
        }
        (tmp_path / "bewijs").write_bytes(receipt.content)
        (tmp_path / "vkey").write_text(vkey)
        words = ["bewijs", str(tmp_path / "bewijs"), "--vkey", str(tmp_path / "vkey"), "--quorum", "2"]
        for witness in (first, second):
            (tmp_path / witness.key.name).write_text(str(witness.key.verifier))
            words += ["--getuige", str(tmp_path / witness.key.name)]
        assert verifier.main(words) == 0


async def test_a_head_of_before_is_used_while_a_witness_is_away(db, app, worker, signing, files, boss):
    """What two saw stays recorded; what only one saw waits; an alarm is told first."""
    vkey = await keys.begin(signing, files, ORIGIN)
    first, second = Notary(vkey), Notary(vkey, "controller.proefdam.nl")
    one, entries = await signer(signing, files), []
    for witnesses in ((first, second), (first,), ()):
        entries.append(await act(app))
        await sequence_all(worker)
        await one.step()
        for witness in witnesses:
            async with witness.client() as client:
                await ask(signing, client, witness.known, 1)
    recorded, waits = Standing.RECORDED, Standing.UNWITNESSED
    async with db.read() as session:
        for quorum, standings in enumerate([[recorded] * 3, [recorded, recorded, waits], [recorded, waits, waits]]):
            places = await covered(session, entries, quorum=quorum)
            assert [places[entry].standing for entry in entries] == standings, quorum
            has = [await receipt_of(session, entry, quorum=quorum) is not None for entry in entries]
            assert has == [standing is recorded for standing in standings], quorum
        assert (await covered(session, entries, quorum=3))[entries[0]].standing is waits
        assert await newest_head(session, quorum=3) is None
        await boss.execute("insert into alarm (log, kind, size) values (1, 'herschreven', 0)")
        places = await covered(session, entries, quorum=2)
    assert [places[entry].standing for entry in entries] == [recorded, Standing.DOUBTFUL, Standing.DOUBTFUL]

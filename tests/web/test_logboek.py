"""What is public of the log, and the recipe on the page as a council member would follow it (mandates 4.2, 4.3)."""

import html
import re
import subprocess
import sys

import asyncpg
import metamorphic_log as outside
import pytest

from teams.ledger import keys, queries
from teams.ledger.memory import Files
from teams.ledger.signer import Signer
from teams.ledger.tiles import tile_hashes
from teams.ledger.tree import Frontier
from tests.ledger.acts import act, sequence_all


@pytest.fixture
async def signed(place, tmp_path):
    """A log of 300 leaves with a signed head; its vkey and the entry of one decision."""
    files = Files(tmp_path / "key", tmp_path / "state")
    app, worker, signing = [await asyncpg.connect(place.url(f"teams_{role}")) for role in ("app", "worker", "signer")]
    vkey = await keys.begin(signing, files, "mandaat.proefdam.nl/log1")
    facts = {"bevoegdheid": "SUB-01", "uitkomst": "bevoegd", "nummer": "2026-00001"}
    entry = await act(app, facts=facts)
    for _ in range(298):
        await act(app)
    await sequence_all(worker)
    await Signer(signing, files, files.keys(), files.memory()).step()
    for connection in (app, worker, signing):
        await connection.close()
    return vkey, entry


async def test_head_tiles_and_key_are_for_everybody(visit, signed):
    client = await visit(None)
    note = (await client.get("/logboek/checkpoint")).text
    head = outside.checkpoint_verify(note, [signed[0]])
    assert (await client.get("/logboek/vkey")).text == f"{signed[0]}\n"
    full, rest = [await client.get(f"/logboek/tile/0/{path}") for path in ("000", "001.p/44")]
    assert "immutable" in full.headers["cache-control"] and "immutable" not in rest.headers["cache-control"]
    tree = Frontier()
    tree.append([*tile_hashes(full.content), *tile_hashes(rest.content)])
    assert tree.size == 300 and note.split("\n")[2] in str(head) + note
    above = Frontier()
    above.append(tile_hashes(full.content))
    assert (await client.get("/logboek/tile/1/000.p/1")).content == above.root()
    for path in (
        "0/001",
        "0/001.p/45",
        "0/000.p/256",
        "0/0",
        "0/x000/000",
        "64/000",
        "entries/000",
        "2/000.p/1",
        "0/000.p/00",
        "1/000",
        "x",
        "0/..%2F000",
    ):
        assert (await client.get(f"/logboek/tile/{path}")).status_code == 404, path
    assert (await client.get("/logboek/tile/0/000.p/7")).content == full.content[: 7 * 32]


async def test_before_the_first_head_there_is_nothing_to_give(visit):
    client = await visit(None)
    assert (await client.get("/logboek/checkpoint")).status_code == 404
    assert (await client.get("/logboek/tile/0/000")).status_code == 404
    assert "Er is nog geen controlepunt" in (await client.get("/logboek/uitleg")).text


async def test_the_recipes_on_the_page_work_and_bite(visit, signed, db, tmp_path):
    client = await visit(None)
    page = (await client.get("/logboek/uitleg")).text
    assert page.count("<li>") >= 10 and "300" in page
    one_file, recipe = [html.unescape(found) for found in re.findall(r"<pre[^>]*><code>(.*?)</code></pre>", page, re.S)]
    async with db.read() as session:
        (tmp_path / "besluit.tlog-proof").write_bytes(await queries.receipt_of(session, signed[1]))
    (tmp_path / "sleutel.txt").write_text(f"{signed[0]}\n")
    (tmp_path / "controle.py").write_bytes((await client.get("/logboek/controle.py")).content)

    def follow(script):
        script = script.replace("python3", sys.executable)
        return subprocess.run(["sh", "-ec", script], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert "Klopt. Regel 1 staat" in follow(one_file).stdout
    assert "Verified Successfully" in (done := follow(recipe)).stdout, done
    good = (tmp_path / "besluit.tlog-proof").read_text()
    (tmp_path / "besluit.tlog-proof").write_text(good.replace("\n300\n", "\n301\n"))
    assert follow(recipe).returncode == 1
    assert follow(one_file).returncode == 1


@pytest.mark.parametrize(("who", "sees"), [("sef", True), ("kees", True), ("aya", False)])
async def test_an_alarm_stands_on_the_week_of_secretary_and_controller(who, sees, visit, owner):
    await owner.execute("insert into alarm (log, kind, size) values (1, 'gekrompen', 60)")
    assert ("slaat alarm" in (await (await visit(who)).get("/")).text) is sees

"""Around the register on its pages: a framework, a case taken back, the setting, a decree that changes or drops, requests of teams."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

from teams.kit.db import Database
from tests.governance.acts import consent, submitted
from tests.mandates.test_register_actions import register  # noqa: F401
from tests.web.test_mandaat_beheer import TODAY_TYPED, below, grant, in_force, step
from tests.world import World

Visit = Callable[..., Any]


async def test_a_grant_names_its_framework(visit: Visit, register: World) -> None:  # noqa: F811
    sef = await visit("sef")
    frame = {
        "code": "K-1", "titel": "Subsidiekader", "tekst": "Tot € 25.000.", "orgaan": "college", "beslotenOp": TODAY_TYPED,
        "besluit": "B&W 2026-7", "van": TODAY_TYPED,
    }  # fmt: skip
    assert (await sef.send_form("/mandaten/kaders", frame)).status_code == 303
    assert '<option value="K-1"' in (await sef.get("/mandaten/nieuw")).text
    assert (await sef.send_form("/mandaten/nieuw", grant(kader="weg"))).status_code == 422
    assert (await sef.send_form("/mandaten/nieuw", grant(kader="K-1"))).status_code == 303
    assert ">K-1</a>" in (await sef.get("/mandaten/T1")).text
    assert '<option value="K-1" selected' in (await sef.get("/mandaten/T1/wijzigen")).text
    assert 'href="/mandaten/kaders"' in (await sef.get("/mandaten")).text


async def test_a_case_is_taken_back(visit: Visit, register: World) -> None:  # noqa: F811
    """M16: by who gave the mandate; an empty case is named, nothing typed is lost."""
    sef = await visit("sef")
    await sef.send_form("/mandaten/nieuw", grant())
    await in_force(sef, "T1")
    empty = await step(sef, "T1", "terugname", zaak="")
    assert empty.status_code == 422
    assert (await step(sef, "T1", "terugname", zaak="Z-1")).status_code == 303
    again = await step(sef, "T1", "terugname", zaak="Z-1")
    assert again.status_code == 409
    assert "Deze zaak is al teruggenomen." in again.text
    assert 'value="Z-1"' in again.text


async def test_the_secretary_sets_what_an_unpublished_grant_does(visit: Visit, register: World) -> None:  # noqa: F811
    """M13: with the decision; others read it."""
    sef, aya = await visit("sef"), await visit("aya")
    assert "mag er niet mee besluiten" in (await aya.get("/mandaten/instelling")).text
    mild = {"nietBekendgemaakt": "waarschuwt", "besluit": "B&W 2026-60"}
    assert (await aya.send_form("/mandaten/instelling", mild)).status_code == 403
    assert (await sef.send_form("/mandaten/instelling", {"besluit": "B&W 2026-60"})).status_code == 422
    assert (await sef.send_form("/mandaten/instelling", mild)).status_code == 303
    assert "B&W 2026-60" in unescape((await aya.get("/mandaten/instelling")).text)
    assert (await sef.send_form("/mandaten/instelling", mild)).status_code == 409


async def test_a_decree_changes_and_drops_while_it_waits(visit: Visit, register: World) -> None:  # noqa: F811
    sef, aya = await visit("sef"), await visit("aya")
    for number in ("T1", "T2"):
        await sef.send_form("/mandaten/nieuw", grant(nummer=number))
    bundle = {"orgaan": "college", "titel": "Eerste", "tekst": "Omdat.", "geeft": ["T1"]}
    url = (await sef.send_form("/mandaten/besluit", bundle)).headers["location"]
    page = await sef.get(f"{url}/wijzigen")
    assert 'value="T1" checked' in page.text
    assert 'value="T2" checked' not in page.text
    assert (await aya.get(f"{url}/wijzigen")).status_code == 404
    changed = {**bundle, "titel": "Tweede", "geeft": ["T1", "T2"], "versie": "1"}
    assert (await sef.send_form(f"{url}/wijzigen", {**changed, "titel": ""})).status_code == 422
    assert (await sef.send_form(f"{url}/wijzigen", changed)).status_code == 303
    stale = await sef.send_form(f"{url}/wijzigen", {**changed, "titel": "Derde"})
    assert stale.status_code == 409
    assert 'value="Derde"' in stale.text
    assert "Tweede" in (await sef.get(url)).text
    assert (await sef.send_form(f"{url}/vervallen", {"versie": "1"})).status_code == 409
    assert (await sef.send_form(f"{url}/vervallen", {"versie": "2"})).status_code == 303
    gone = await sef.get(url)
    assert "Gaat niet door" in gone.text
    assert "/vaststelling" not in gone.text
    assert 'name="geeft" value="T1"' in (await sef.get("/mandaten/besluit")).text


async def test_a_request_of_a_team_becomes_a_draft(visit: Visit, db: Database, register: World) -> None:  # noqa: F811
    made = await submitted(db, register, {"soort": "mandaatverzoek", "tekst": "Noodkap tot € 15.000."})
    await consent(db, register, "bram", made.id)
    sef, aya = await visit("sef"), await visit("aya")
    assert (await aya.get("/mandaten/verzoeken")).status_code == 404
    page = await sef.get("/mandaten/verzoeken")
    assert "Noodkap tot € 15.000." in page.text
    link = re.search(r'href="(/mandaten/nieuw\?verzoek=[^"]+)"', page.text)
    assert link is not None
    form = await sef.get(link[1])
    assert "Noodkap tot € 15.000." in form.text
    wanted = re.search(r'name="verzoek" value="([^"]+)"', form.text)
    assert wanted is not None
    await sef.send_form("/mandaten/nieuw", grant())
    draft = below(ontvanger="", ontvangerKeuze=f"rol:{register.roles['boom']}", verzoek=wanted[1])
    assert (await sef.send_form("/mandaten/nieuw", draft)).status_code == 303
    assert "Mandaat gemaakt" in (await sef.get("/mandaten/verzoeken")).text


async def test_proposal_team_and_frameworks_name_each_other(visit: Visit, world: World) -> None:
    sef, aya, bram = [await visit(who) for who in ("sef", "aya", "bram")]
    frame = {
        "code": "INK", "titel": "Inkoopkader", "tekst": "Vraag offertes.", "orgaan": "college", "beslotenOp": TODAY_TYPED,
        "besluit": "B&W 2026-7", "van": TODAY_TYPED,
    }  # fmt: skip
    assert (await sef.send_form("/mandaten/kaders", frame)).status_code == 303
    role = f"{world.roles['boom']}:{world.teams['groen']}"
    page = await aya.get(f"/voorstellen/nieuw?soort=afspraak_nieuw&rol={role}")
    assert '<option value="INK"' in page.text
    fields = {
        "rol": role, "soort": "afspraak_nieuw", "spanning": "Te duur.", "voorbeeld": "Gisteren.", "naam": "Offertes",
        "tekst": "Twee offertes.", "afspraaksoort": "beperking", "kader": "INK",
    }  # fmt: skip
    sent = await aya.send_form("/voorstellen", fields)
    assert sent.status_code == 303, sent.text
    url = sent.headers["location"].partition("?")[0]
    assert "INK" in (await bram.get(url)).text
    answered = await bram.send_form(f"{url}/reacties", {"versie": "1", "r": "consent"})
    assert answered.status_code == 303, answered.text
    assert 'href="/mandaten/kaders">Inkoopkader</a>' in (await aya.get(f"/teams/{world.teams['groen']}")).text
    frames = unescape((await aya.get("/mandaten/kaders")).text)
    assert f'href="/teams/{world.teams["groen"]}#afspraken">Offertes</a> (Groen en Water)' in frames

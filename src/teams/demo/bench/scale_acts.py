"""What people do often, as another system sends it or as a form: each measured by itself, on rows of its own."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from teams.auth.sessions import form_token
from teams.demo.bench.scale_pages import FACILITATOR, FILLER, MEDEWERKER
from teams.demo.bench.visitor import Answer, Browser
from teams.kit.clock import AMSTERDAM

if TYPE_CHECKING:
    from teams.demo.bench.scale import Town

Work = Callable[[], Awaitable[Any]]
Begin = Callable[["Town", Browser, int], Awaitable[Work]]
_KIND = (b"content-type", b"application/json")
_GREEN = "select id from team where code = 'GW'"
_numbers = count(1)


@dataclass(frozen=True)
class Doer:
    """`begin` prepares so many times of one act and returns the act: it is measured, what prepares it is not."""

    what: str
    who: str
    begin: Begin


async def send(browser: Browser, path: str, body: dict[str, Any] | None = None, status: int = 200) -> Any:
    """A call of the API with the session of this browser."""
    raw = b"" if body is None else json.dumps(body).encode()
    more = [(b"x-csrf-token", form_token(browser.session_id).encode())]
    if body is not None:
        more += [_KIND, (b"content-length", str(len(raw)).encode())]
    answer: Answer = await browser._send("POST", f"/api/v1{path}", raw, more)
    assert answer.status == status, f"{answer.status} op {path}: {answer.text[:200]}"
    return json.loads(answer.text)


def _in_turn(acts: list[Work]) -> Work:
    left: Iterator[Work] = iter(acts)

    async def work() -> None:
        await next(left)()

    return work


async def _klus(town: Town, *, days: int = 30) -> dict[str, Any]:
    team = await town.finder.fetchval(_GREEN)
    day = datetime.now(AMSTERDAM).date() + timedelta(days=days)
    return {
        "titel": f"Meting {next(_numbers)}", "omschrijving": "Om te meten.", "teamId": str(team), "plaatsen": 2, "urenMin": 0.5, "urenMax": 0.5,
        "van": str(day), "tot": str(day + timedelta(days=6)),
    }  # fmt: skip


async def _posted(town: Town, **more: Any) -> str:
    poster = await town.browser(FACILITATOR)
    made = await send(poster, "/klussen", await _klus(town, **more), 201)
    await send(poster, f"/klussen/{made['id']}/publicatie")
    found: str = made["id"]
    return found


async def _post(town: Town, browser: Browser, times: int) -> Work:
    body = await _klus(town)

    async def work() -> None:
        await send(browser, "/klussen", body, 201)

    return work


async def _publish(town: Town, browser: Browser, times: int) -> Work:
    made = [await send(browser, "/klussen", await _klus(town), 201) for _ in range(times)]
    return _in_turn([_call(browser, f"/klussen/{one['id']}/publicatie") for one in made])


async def _claim(town: Town, browser: Browser, times: int) -> Work:
    made = [await _posted(town) for _ in range(times)]
    return _in_turn([_call(browser, f"/klussen/{one}/inzet", {}, 201) for one in made])


async def _withdraw(town: Town, browser: Browser, times: int) -> Work:
    made = [await send(browser, f"/klussen/{await _posted(town)}/inzet", {}, 201) for _ in range(times)]
    return _in_turn([_call(browser, f"/inzet/{one['id']}/intrekking") for one in made])


async def _book(town: Town, browser: Browser, times: int) -> Work:
    """On a claim of a klus that began today."""
    claim = await send(browser, f"/klussen/{await _posted(town, days=0)}/inzet", {}, 201)
    await town.finder.execute(
        "update klus set state = 'in_uitvoering' from claim c where c.klus_id = klus.id and c.id = $1",
        UUID(claim["id"]),
    )
    await town.finder.execute("update claim set state = 'lopend' where id = $1", UUID(claim["id"]))
    day = datetime.now(AMSTERDAM).date()

    async def work() -> None:
        answer = await browser.post(f"/inzet/{claim['id']}/uren", {"dag": str(day), "uren": "0,1", "toelichting": ""})
        assert answer.status == 303, answer.text[-600:]

    return work


async def _question(town: Town, browser: Browser, times: int) -> Work:
    return _call(
        browser, "/bevoegdheidsvragen", {"bevoegdheid": "SUB-01", "bedrag": 4000, "gevoelig": False, "belang": False}
    )


async def _question_by_page(town: Town, browser: Browser, times: int) -> Work:
    async def work() -> None:
        answer = await browser.post("/mag-ik-dit", {"zin": "subsidie voor de dansschool", "bedrag": "4000"})
        assert answer.status == 200, answer.status

    return work


async def _decide(town: Town, browser: Browser, times: int) -> Work:
    body = {
        "bevoegdheid": "SUB-01", "bedrag": 1000, "gevoelig": False, "onderwerp": "Meting", "motivering": "Om te meten.", "belangVerklaring": True,
    }  # fmt: skip
    return _in_turn(
        [_call(browser, "/besluiten", {**body, "zaak": f"METING-{uuid4().hex}"}, 201) for _ in range(times)]
    )


async def _proposal(town: Town, browser: Browser) -> dict[str, Any]:
    team = await town.finder.fetchval(_GREEN)
    role = await town.finder.fetchval(
        "select f.role_id from role_filling f join account a on a.person_id = f.person_id join role_version v on v.role_id = f.role_id"
        " where a.email = $1 and v.team_id = $2 and upper_inf(v.recorded) and upper_inf(f.recorded) and v.core is null and f.valid @> now() limit 1",
        FACILITATOR, team,
    )  # fmt: skip
    number = next(_numbers)
    body = {
        "teamId": str(team), "rolId": str(role), "spanning": "Om te meten.", "voorbeeld": "Vandaag.",
        "wijzigingen": [{"soort": "rol_nieuw", "naam": f"Meter {number}", "doel": "Er wordt gemeten."}],
    }  # fmt: skip
    made: dict[str, Any] = await send(browser, "/voorstellen", body, 201)
    return made


async def _propose(town: Town, browser: Browser, times: int) -> Work:
    async def work() -> None:
        await _proposal(town, browser)

    return work


async def _submit(town: Town, browser: Browser, times: int) -> Work:
    made = [await _proposal(town, browser) for _ in range(times)]
    return _in_turn([_call(browser, f"/voorstellen/{one['id']}/indiening") for one in made])


async def _respond(town: Town, browser: Browser, times: int) -> Work:
    """By one elector of as many proposals."""
    poster = await town.browser(FACILITATOR)
    acts = []
    for _ in range(times):
        made = await _proposal(town, poster)
        opened = await send(poster, f"/voorstellen/{made['id']}/indiening")
        who = await town.finder.fetchval(
            "select email from account where person_id = $1", UUID(sorted(opened["stemgerechtigd"])[0])
        )
        elector = await town.browser(who)
        acts.append(_call(elector, f"/voorstellen/{made['id']}/reacties", {"versie": 1, "reactie": "consent"}, 201))
    return _in_turn(acts)


async def _ask(town: Town, browser: Browser, times: int) -> Work:
    klus = await _posted(town)

    async def work() -> None:
        answer = await browser.post(f"/klussen/{klus}/vragen", {"vraag": f"Meting {next(_numbers)}?"})
        assert answer.status == 303, answer.text[-600:]

    return work


async def _read(town: Town, browser: Browser, times: int) -> Work:
    newest = await town.finder.fetchval(
        "select max(n.id::text) from notice n join account a on a.person_id = n.person_id where a.email = $1",
        MEDEWERKER,
    )

    async def work() -> None:
        answer = await browser.post("/meldingen/gelezen", {"tot": newest})
        assert answer.status == 303, answer.text[-600:]

    return work


def _call(browser: Browser, path: str, body: dict[str, Any] | None = None, status: int = 200) -> Work:
    async def work() -> None:
        await send(browser, path, body, status)

    return work


ACTS: tuple[Doer, ...] = (
    Doer("klus plaatsen", FACILITATOR, _post),
    Doer("klus publiceren", FACILITATOR, _publish),
    Doer("klus claimen", MEDEWERKER, _claim),
    Doer("claim intrekken", MEDEWERKER, _withdraw),
    Doer("vraag stellen bij een klus", MEDEWERKER, _ask),
    Doer("uren schrijven", MEDEWERKER, _book),
    Doer("mag ik dit", FILLER, _question),
    Doer("mag ik dit, bladzijde", FILLER, _question_by_page),
    Doer("besluit vastleggen", FILLER, _decide),
    Doer("voorstel maken", FACILITATOR, _propose),
    Doer("voorstel indienen", FACILITATOR, _submit),
    Doer("reageren op een voorstel", FACILITATOR, _respond),
    Doer("meldingen gelezen", MEDEWERKER, _read),
)

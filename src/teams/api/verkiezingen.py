"""Verkiezingen: call one, vote in secret, stay or change, settle a tie, go on without a candidate."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Response
from litestar.params import FromPath
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from teams.api.routes import Doc, Leeg, actor, answer, body_of, get, post
from teams.api.shapes import Naam, named
from teams.governance.actions.candidates import break_tie, drop_candidate
from teams.governance.actions.elections import (
    call_election,
    cancel_election,
    cast_ballot,
    change_nomination,
    close_changes,
)
from teams.governance.choice_forms import ElectionForm, NominationForm
from teams.governance.elections_seen import election_for
from teams.governance.models import ElectionState
from teams.http.wants import Me, Page, Session
from teams.journal.models import Actor
from teams.kit.clock import now
from teams.klussen.forms import ReasonForm

EXAMPLE = {
    "rolId": "0199d3c2-6a10-7c21-9d0e-3f6f4f1b2a02", "tekst": "Ons team vertegenwoordigen.", "tot": "2027-11-30",
}  # fmt: skip
NAME = {"kandidaatId": "0199d3c2-6a10-7c21-9d0e-3f6f4f1b2a03", "reden": "Zij luistert goed."}


class Stem(BaseModel):
    """Een gedeelde stem."""

    ronde: int
    persoon: Naam
    kandidaat: Naam
    reden: str


class VerkiezingUit(BaseModel):
    """Een verkiezing. `stemmen` blijft leeg tot alle stemmen gedeeld worden."""

    id: UUID
    nummer: int
    team: Naam | None
    rol: Naam | None
    tekst: str
    tot: date
    status: ElectionState
    ronde: int
    termijn: Annotated[datetime | None, Field(description="wie later is, doet niet mee; zonder afspraak `null`")]
    kiezers: list[Naam]
    gestemd: Annotated[list[UUID], Field(description="wie gestemd heeft, niet op wie")]
    stemmen: list[Stem]
    kandidaat: Naam | None
    voorstelId: UUID | None


class GelijkForm(BaseModel):
    """Hoe het verder gaat bij een gelijke stand."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    keuze: Literal["loten", "opnieuw"]


@get(
    "/verkiezingen/{id:uuid}",
    policy="employee",
    doc=Doc("Bekijk een verkiezing", answer=VerkiezingUit, refusals=(404,)),
)
async def show(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    return await _seen(session, id, at=datetime.now(UTC))


@post(
    "/verkiezingen",
    policy="employee",
    doc=Doc(
        "Begin een verkiezing voor een vaste rol", answer=VerkiezingUit, body=ElectionForm, example=EXAMPLE, status=201,
        refusals=(404, 409),
    ),
)  # fmt: skip
async def create(request: Page, session: Session, me: Me) -> Response[bytes]:
    form, by, at = await body_of(request, ElectionForm), actor(request, me), await now(session)
    made = await call_election(session, form, by=by, at=at)
    return await _seen(session, made.id, at=at, status=201)


Act = Callable[[AsyncSession, UUID, Actor, datetime, Page], Awaitable[Any]]


async def _vote(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Any:
    await cast_ballot(session, id, await body_of(request, NominationForm), by=by, at=at)


async def _change(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Any:
    await change_nomination(session, id, await body_of(request, NominationForm), by=by, at=at)


async def _close(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Any:
    await body_of(request, Leeg)
    await close_changes(session, id, by=by, at=at)


async def _tie(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Any:
    form = await body_of(request, GelijkForm)
    await break_tie(session, id, lot=form.keuze == "loten", by=by, at=at)


async def _next(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Any:
    form = await body_of(request, ReasonForm)
    await drop_candidate(session, id, by=by, at=at, words=form.reden)


async def _cancel(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Any:
    await body_of(request, Leeg)
    await cancel_election(session, id, by=by, at=at)


def _verb(
    noun: str,
    summary: str,
    act: Act,
    body: type[BaseModel] = Leeg,
    *,
    status: int = 200,
    example: dict[str, Any] | None = None,
) -> Any:
    """One call that moves an election."""

    @post(
        f"/verkiezingen/{{id:uuid}}/{noun}",
        policy="employee",
        doc=Doc(summary, answer=VerkiezingUit, body=body, example=example, status=status, refusals=(404, 409)),
    )
    async def verb(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
        at = await now(session)
        await act(session, id, actor(request, me), at, request)
        return await _seen(session, id, at=at, status=status, made=False)

    return verb


async def _seen(
    session: AsyncSession, id: UUID, *, at: datetime, status: int = 200, made: bool = True
) -> Response[bytes]:
    seen = await election_for(session, id, at=at)
    lies = next(
        (one for one in reversed(seen.offers) if one["state"] in ("gevraagd", "aanvaard", "gever", "vervuld")), None
    )
    whole = VerkiezingUit(
        id=seen.id, nummer=seen.number, team=named(seen.team_id, seen.team), rol=named(seen.role_id, seen.role), tekst=seen.text,
        tot=seen.ends_on, status=seen.state, ronde=seen.round, termijn=seen.due_at,
        kiezers=[Naam(id=one["id"], naam=one["name"]) for one in seen.electors],
        gestemd=[one["id"] for one in seen.electors if one["voted"]],
        stemmen=[
            Stem(
                ronde=one["round"], persoon=Naam(id=one["person"], naam=one["name"]),
                kandidaat=Naam(id=one["candidate"], naam=one["chosen"]), reden=one["reason"],
            )
            for one in seen.nominations
        ],
        kandidaat=Naam(id=lies["person"], naam=lies["name"]) if lies else None, voorstelId=lies["proposal"] if lies else None,
    )  # fmt: skip
    return answer(whole, status=status, at=f"/api/v1/verkiezingen/{id}" if status == 201 and made else None)


HANDLERS = [
    show,
    create,
    _verb("stemmen", "Stem: precies één naam, geheim tot alle stemmen gedeeld worden", _vote, NominationForm, status=201, example=NAME),
    _verb("wisseling", "Blijf bij je keus of wissel", _change, NominationForm, status=201, example=NAME),
    _verb("afsluiting", "Sluit de wisselronde", _close),
    _verb("gelijk", "Kies bij een gelijke stand: loten of opnieuw", _tie, GelijkForm, example={"keuze": "loten"}),
    _verb("volgende", "Ga verder zonder deze kandidaat", _next, ReasonForm),
    _verb("intrekking", "Trek de verkiezing in", _cancel),
]  # fmt: skip

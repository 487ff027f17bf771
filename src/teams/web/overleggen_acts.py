"""What a form on the page of a meeting does: one act each, from its fields."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from teams.governance.actions import meeting_elections, meeting_items, meeting_speech, meetings
from teams.governance.actions.meeting_work import add_output, report_standing
from teams.governance.meeting_forms import (
    AnswerForm,
    CallForm,
    ExtendForm,
    GuestForm,
    ItemForm,
    OutputForm,
    ReportForm,
    SpeechForm,
    StepForm,
)
from teams.journal.models import Actor
from teams.kit.errors import Invalid, Reason
from teams.kit.forms import validated
from teams.kit.text import N_
from teams.klussen.people import person_by_words
from teams.structure.models import CoreRole
from teams.web.forms import Fields, iso_date

Act = Callable[[AsyncSession, UUID, Fields, Actor, datetime], Awaitable[Any]]
ElectionAct = Callable[[AsyncSession, UUID, Fields, Actor, datetime], Awaitable[Any]]
ItemAct = Callable[[AsyncSession, UUID, UUID, Fields, Actor, datetime], Awaitable[Any]]


def _version(fields: Fields) -> int:
    fields.only("versie")
    return validated(StepForm, {"versie": fields.one("versie")}).versie


def _id(fields: Fields, name: str) -> UUID | None:
    typed = fields.one(name)
    try:
        return UUID(typed) if typed else None
    except ValueError:
        raise Invalid({name: Reason(name, N_("Kies er een uit de lijst."))}) from None


def _wanted(fields: Fields, name: str) -> UUID:
    found = _id(fields, name)
    if found is None:
        raise Invalid({name: Reason(name, N_("Kies er een uit de lijst."))})
    return found


async def _cancel(session: AsyncSession, id: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    fields.only()
    await meetings.cancel_meeting(session, id, by=by, at=at)


async def _join(session: AsyncSession, id: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    fields.only("persoon")
    await meetings.join_meeting(session, id, person=_id(fields, "persoon"), by=by, at=at)


async def _leave(session: AsyncSession, id: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    fields.only("persoon")
    await meetings.leave_meeting(session, id, person=_id(fields, "persoon"), by=by, at=at)


async def _name(session: AsyncSession, id: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    fields.only("rol", "persoon")
    if fields.one("rol") not in ("begeleider", "teamsecretaris"):
        raise Invalid({"rol": Reason("rol", N_("Kies er een uit de lijst."))})
    await meetings.name_surrogate(session, id, CoreRole(fields.one("rol")), _wanted(fields, "persoon"), by=by, at=at)


async def _open(session: AsyncSession, id: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    fields.only()
    await meetings.open_meeting(session, id, by=by, at=at)


async def _step(session: AsyncSession, id: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    await meetings.next_step(session, id, _version(fields), by=by, at=at)


async def _extend(session: AsyncSession, id: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    fields.only("minuten", "akkoord")
    if fields.one("akkoord") != "1":
        raise Invalid({"akkoord": Reason("akkoord", N_("Vraag eerst of niemand het erg vindt, en vink dat aan."))})
    form = validated(ExtendForm, {"minuten": fields.one("minuten"), "akkoord": True})
    await meetings.extend_meeting(session, id, form, by=by, at=at)


async def _close(session: AsyncSession, id: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    fields.only()
    await meetings.close_meeting(session, id, by=by, at=at)


async def _add(session: AsyncSession, id: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    fields.only("label", "verkiezing", "voorstel")
    given = {
        "label": fields.one("label"), "rolId": fields.one("verkiezing") or None, "voorstelId": fields.one("voorstel") or None,
    }  # fmt: skip
    await meeting_items.add_item(session, id, validated(ItemForm, given), by=by, at=at)


def _speech(fields: Fields) -> SpeechForm:
    fields.only("persoon", "tekst")
    return validated(SpeechForm, {"persoonId": fields.one("persoon") or None, "tekst": fields.one("tekst")})


async def _speak(session: AsyncSession, id: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    await meeting_speech.speak(session, id, _speech(fields), by=by, at=at)


ACTS: dict[str, Act] = {
    "intrekking": _cancel, "aanwezig": _join, "afwezig": _leave, "vervanger": _name, "opening": _open, "stap": _step,
    "verlenging": _extend, "sluiting": _close, "agenda": _add, "beurt": _speak,
}  # fmt: skip


async def _start(session: AsyncSession, id: UUID, item: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    await meeting_items.start_item(session, id, item, _version(fields), by=by, at=at)


async def _next(session: AsyncSession, id: UUID, item: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    await meeting_items.next_item_step(session, id, item, _version(fields), by=by, at=at)


async def _put(session: AsyncSession, id: UUID, item: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    fields.only()
    await meeting_items.put_forward(session, id, item, by=by, at=at)


async def _answer(session: AsyncSession, id: UUID, item: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    fields.only("versie", "r", "zin", "regelbreuk")
    given = {
        "versie": fields.one("versie"), "bezwaar": fields.one("r") == "bezwaar", "tekst": fields.one("zin"),
        "regelbreuk": fields.one("regelbreuk") == "1",
    }  # fmt: skip
    await meeting_items.answer(session, id, item, validated(AnswerForm, given), by=by, at=at)


async def _say(session: AsyncSession, id: UUID, item: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    await meeting_speech.speak(session, id, _speech(fields), item_id=item, by=by, at=at)


async def _attach(session: AsyncSession, id: UUID, item: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    fields.only("voorstel")
    await meeting_items.attach_proposal(session, id, item, _wanted(fields, "voorstel"), by=by, at=at)


async def _call(session: AsyncSession, id: UUID, item: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    fields.only("tekst", "tot")
    form = validated(CallForm, {"tekst": fields.one("tekst"), "tot": iso_date(fields.one("tot")) or ""})
    await meeting_elections.call_here(session, id, item, form, by=by, at=at)


async def _share(session: AsyncSession, id: UUID, item: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    fields.only()
    await meeting_elections.share_here(session, id, item, by=by, at=at)


async def _invite(session: AsyncSession, id: UUID, item: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    fields.only("gast")
    person = await person_by_words(session, fields.one("gast"), field="gast")
    await meeting_elections.invite_guest(session, id, item, GuestForm(persoonId=person), by=by, at=at)


async def elect(
    verb: ElectionAct, session: AsyncSession, id: UUID, item: UUID, fields: Fields, by: Actor, at: datetime
) -> None:
    """What one does on the page of an election, done at the table."""

    async def doing(election: UUID) -> None:
        await verb(session, election, fields, by, at)

    await meeting_elections.elect_here(session, id, item, doing, by=by, at=at)


async def _finish(session: AsyncSession, id: UUID, item: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    await meeting_items.finish_item(session, id, item, _version(fields), by=by, at=at)


async def _output(session: AsyncSession, id: UUID, item: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    fields.only("soort", "wie", "afspraak")
    role, _, person = fields.one("wie").partition(":")
    given = {"soort": fields.one("soort"), "rolId": role, "persoonId": person, "tekst": fields.one("afspraak")}
    try:
        form = validated(OutputForm, given)
    except Invalid as fault:
        names = {"rolId": "wie", "persoonId": "wie", "tekst": "afspraak"}
        raise Invalid({names.get(name, name): reason for name, reason in fault.fields.items()}) from None
    await add_output(session, id, item, form, by=by, at=at)


ITEM_ACTS: dict[str, ItemAct] = {
    "begin": _start, "stap": _next, "voorleggen": _put, "antwoord": _answer, "beurt": _say, "voorstel": _attach,
    "afronding": _finish, "afspraken": _output, "oproep": _call, "delen": _share, "gast": _invite,
}  # fmt: skip


async def report(session: AsyncSession, id: UUID, standing: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    fields.only("tekst")
    form = validated(ReportForm, {"tekst": fields.one("tekst")})
    await report_standing(session, id, standing, form, by=by, at=at)

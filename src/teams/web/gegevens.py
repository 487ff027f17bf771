"""Everything recorded about me: to read, to take along, and to ask that a text is erased."""

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from sqlalchemy.ext.asyncio import AsyncSession

from teams.account.actions.erasure import ask_erasure
from teams.account.forms import ErasureForm
from teams.account.queries.erasures import erasures
from teams.account.rules import Ground
from teams.auth.models import Visitor
from teams.exchange.mandaten.words import safe
from teams.http.refusals import status_of
from teams.http.wants import Me, Page, Session
from teams.kit.clock import day_of, now
from teams.kit.errors import NotFound, Reason, Refusal
from teams.kit.forms import validated
from teams.kit.text import N_
from teams.people.corrections import corrections
from teams.reports.personal import AboutMe, about_person
from teams.web.answers import see_other
from teams.web.forms import form_of, query_of
from teams.web.once import once
from teams.web.pages import page, sentences, steps

PAGE = 25
STATES = {
    "gevraagd": (N_("Gevraagd"), "open"),
    "vernietigd": (N_("Inhoud vernietigd"), "goed"),
    "geweigerd": (N_("Niet gedaan"), "fout"),
}
CORRECTIONS = {
    "gevraagd": (N_("Wacht op antwoord"), "open"),
    "verbeterd": (N_("Verbeterd"), "goed"),
    "afgewezen": (N_("Niet gedaan"), "fout"),
}
KINDS = {
    "besluit": N_("Besluiten"), "mandaat": N_("Mandaten en bevoegdheden"), "voorstel": N_("Voorstellen en overleg"),
    "organisatie": N_("Teams en rollen"), "mensen": N_("Personeelsgegevens"), "inloggen": N_("Inloggen"), "klus": N_("Klussen"),
    "verantwoording": N_("Verantwoording en steekproeven"), "overig": N_("Overig"),
}  # fmt: skip
SCHEMA = 1


@get("/profiel/gegevens", policy="signed_in")
async def show(request: Page, session: Session, me: Me) -> Response[str]:
    return await show_about(request, session, me)


@post("/profiel/gegevens/vernietiging", policy="signed_in")
async def ask(request: Page, session: Session, me: Me) -> Response[Any]:
    return await once(request, session, me, lambda: _ask(request, session, me))


async def _ask(request: Page, session: Session, me: Me) -> Response[Any]:
    fields = await form_of(request)
    fields.only("regel", "reden")
    by, entry = (
        me.actor(request.scope["state"]["request_id"], request.scope["state"]["address"]),
        _uuid(fields.one("regel")),
    )
    try:
        async with session.begin_nested():
            form = validated(ErasureForm, {"grond": Ground.REQUEST.value, "reden": fields.one("reden")})
            await ask_erasure(session, [entry], form, by=by, at=await now(session))
    except NotFound:
        raise
    except Refusal as refusal:
        return await show_about(request, session, me, refusal=refusal, chosen=str(entry), reason=fields.one("reden"))
    return see_other("/profiel/gegevens?gelukt=1#verzoeken")


@get("/profiel/gegevens.json", policy="signed_in")
async def as_json(session: Session, me: Me) -> Response[bytes]:
    about = await about_person(session, _person(me))
    whole = {
        "versie": SCHEMA, "persoon": str(me.person_id),
        "gegevens": {part.table: part.rows for part in about.parts},
        "logboek": about.entries, "logboekGaatVerder": about.older is not None,
    }  # fmt: skip
    made = json.dumps(whole, ensure_ascii=False, indent=1, default=str).encode()
    return Response(made, media_type="application/json", headers=_as_file("json"))


@get("/profiel/gegevens.csv", policy="signed_in")
async def as_csv(session: Session, me: Me) -> Response[bytes]:
    """One line for each value: a table of any shape fits in four columns."""
    about = await about_person(session, _person(me))
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(("soort", "rij", "veld", "waarde"))
    tables = [*((part.table, part.rows) for part in about.parts), ("logboek", about.entries)]
    for table, rows in tables:
        for number, row in enumerate(rows, 1):
            writer.writerows(
                (table, number, name, _cell(value)) for name, value in row.items() if value not in (None, "")
            )
    return Response(out.getvalue().encode("utf-8-sig"), media_type="text/csv", headers=_as_file("csv"))


async def show_about(
    request: Page,
    session: AsyncSession,
    me: Visitor,
    *,
    refusal: Refusal | None = None,
    corrected: Refusal | None = None,
    words: str = "",
    chosen: str = "",
    reason: str = "",
) -> Response[str]:
    query = query_of(request)
    query.only("voor", "gelukt")
    before = _uuid(query.one("voor")) if query.one("voor") else None
    fault = refusal or corrected
    about: AboutMe = await about_person(
        session, _person(me), before=before, limit=PAGE, only_entries=before is not None
    )
    return page(
        request, "profiel/gegevens.html", status=status_of(fault) if fault else 200, about=about, eerste=before is None, kinds=KINDS,
        verzoeken=await erasures(session, me.person_id), stand=STATES, gekozen=chosen, reden=reason, gelukt=query.one("gelukt"),
        correcties=await corrections(session, today=day_of(datetime.now(UTC)), mine=_person(me)), tekst=words,
        fout=sentences(request, corrected.reasons)[0] if corrected else "", correctie_stand=CORRECTIONS,
        redenen=sentences(request, refusal.reasons) if refusal else [], vervolg=steps(request, refusal.then) if refusal else [],
    )  # fmt: skip


def _cell(value: Any) -> str:
    """Text that a spreadsheet does not take for a formula."""
    text = json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict | list) else str(value)
    return safe(text)


def _person(me: Visitor) -> UUID:
    if me.person_id is None:
        raise NotFound(Reason("onbekend", N_("Bij dit account hoort geen mens. Er is niets om te tonen.")))
    return me.person_id


def _uuid(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise NotFound(Reason("onbekend", N_("Deze regel bestaat niet."))) from None


def _as_file(ending: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="mijn-gegevens.{ending}"'}


router = Router(path="/", route_handlers=[show, ask, as_json, as_csv])

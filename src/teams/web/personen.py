"""One person as others see them: name, team, roles, klussen. Hours and what happened only for the person self."""

from typing import Any
from uuid import UUID

from litestar import Response, Router, get
from litestar.params import FromPath

from teams.http.wants import Me, Page, Session
from teams.klussen.placed import work_of
from teams.klussen.portfolio import finished_by
from teams.mandates.queries.register import grants_of_person
from teams.structure.queries import person_for
from teams.web.activity import activity
from teams.web.moments import ask, older
from teams.web.pages import page


@get("/personen/{person_id:uuid}", policy="employee")
async def show(request: Page, person_id: FromPath[UUID], session: Session, me: Me) -> Response[str]:
    asked = await ask(request, session)
    person = await person_for(session, person_id, me.actor(), asked.moment)
    work = await work_of(session, person_id, mine=person.is_me) if asked.moment.is_now else []
    lines: list[Any] = []
    more = None
    if person.is_me:
        lines, more = await activity(
            session, "person", person_id, asked.speak, mine=True, before=older(asked), known=asked.moment.known
        )
    consent = bool(request.app.state.settings.works_council)
    done = await finished_by(session, person_id) if asked.moment.is_now and (person.is_me or consent) else []
    return page(
        request, "personen/show.html", status=asked.status, vraag=asked, persoon=person, klussen=work,
        klaar=done, ik_alleen=not consent, regels=lines, meer=more, mandaten=await grants_of_person(session, person_id, asked.moment),
    )  # fmt: skip


router = Router(path="/", route_handlers=[show])

"""What runs by the clock, and the mail that could not be sent: one page for the system administrator and the secretary."""

import re
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath

from teams.http.wants import Page, Session, language_of
from teams.http.words import Words, words
from teams.kit.errors import Conflict, NextStep, Reason
from teams.kit.text import N_
from teams.notices.post import send_again
from teams.notices.queries import mail_failures, mail_state
from teams.reports.work import the_schedule
from teams.web.answers import see_other
from teams.web.forms import form_of
from teams.web.pages import page

JOBS = {
    "start_and_expire_klussen": N_("Klussen beginnen op hun eerste dag, of verlopen als niemand meedoet"),
    "settle_klussen": N_("Aanbod en instemming verlopen, loten worden getrokken, wachtlijst schuift door"),
    "void_consents_of_movers": N_("Instemming vervalt bij wie van team wisselt"),
    "close_due_proposals": N_("Voorstellen waarvan de termijn voorbij is"),
    "close_due_choices": N_("Verkiezingen en rolvervullingen waarvan de termijn voorbij is"),
    "call_elections": N_("Verkiezing bij een rol waarvan de termijn afloopt"),
    "end_what_leavers_had": N_("Wie uit dienst is: klussen, rollen en toegang stoppen"),
    "match_outside_lists": N_("Lijsten uit andere systemen naast het logboek leggen"),
    "count_who_can": N_("Tellen hoeveel mensen een klus kunnen doen"),
    "tell_searches": N_("Bewaarde zoekopdrachten: nieuwe klussen melden"),
    "sweep_access": N_("Oude sessies en inlogpogingen opruimen"),
    "clear_old_notices": N_("Oude meldingen, mail en herinneringen opruimen"),
    "tell_what_happened": N_("Meldingen maken van wat er gebeurde"),
    "remind_of_klussen": N_("Herinneren: een klus begint, een aanbod of instemming loopt af"),
    "ask_about_stale_klussen": N_("Navragen: klussen die al lang openstaan"),
    "close_stale_klussen": N_("Sluiten: klussen waarvan niemand zei dat ze nog staan"),
    "remind_of_terms": N_("Herinneren: een rol of mandaat loopt bijna af"),
    "gather_mail": N_("Dagmail en weekmail bundelen"),
    "deliver_mail": N_("Mail versturen"),
    "tell_the_schedule": N_("Dit overzicht bijwerken"),
}  # fmt: skip
"""A job without words here is shown by its own name."""
DID = {
    "notices": N_("meldingen"), "mails": N_("mails"), "reminders": N_("herinneringen"), "untold": N_("vastleggingen zonder melding"),
}  # fmt: skip
SORTS = {"direct": N_("een melding"), "dag": N_("dagmail"), "week": N_("weekmail")}
_EACH = re.compile(r"\d+")
_DAILY = re.compile(r"(\d+|\*):(\d\d)")


@get("/beheer/werk", policy="operations")
async def show(request: Page, session: Session) -> Response[str]:
    speak = words(language_of(request))
    jobs = [
        {"naam": speak.say(JOBS[row.job]) if row.job in JOBS else row.job, "wanneer": ", ".join(when(row.plan, speak)), "rij": row}
        for row in await the_schedule(session)
    ]  # fmt: skip
    settings = request.app.state.settings
    return page(
        request, "pages/werk.html", taken=jobs, deed={what: speak.say(text) for what, text in DID.items()}, dagen=settings.notice_days, post=await mail_state(session), mislukt=await mail_failures(session),
        sorten={sort: speak.say(text) for sort, text in SORTS.items()}, mail_aan=settings.sends_mail,
    )  # fmt: skip


@post("/beheer/werk/mail/{mail_id:uuid}", policy="operations")
async def again(request: Page, mail_id: FromPath[UUID], session: Session) -> Response[Any]:
    (await form_of(request)).only()
    if not await send_again(session, mail_id):
        raise Conflict(
            Reason("verkeerd_moment", N_("Deze mail wacht al, of is al verstuurd.")),
            then=(NextStep(N_("Bekijk de mail die niet aankwam."), "/beheer/werk"),),
        )
    return see_other("/beheer/werk")


def when(plan: str, speak: Words) -> list[str]:
    """The code of a schedule in words: '60' is each minute, '3:15' each day at that time."""
    said = []
    for code in plan.split():
        daily = _DAILY.fullmatch(code)
        if daily and daily[1] == "*":
            said.append(speak.say(N_("elk uur, {minute} minuten over het hele uur"), {"minute": int(daily[2])}))
        elif daily:
            said.append(speak.say(N_("elke dag om {hour}.{minute} uur"), {"hour": daily[1], "minute": daily[2]}))
        elif _EACH.fullmatch(code):
            seconds = int(code)
            whole = seconds % 60 == 0
            sentence = (
                N_("elke {n} minuten")
                if whole and seconds > 60
                else N_("elke minuut")
                if whole
                else N_("elke {n} seconden")
            )
            said.append(speak.say(sentence, {"n": seconds // 60 if whole else seconds}))
        else:
            said.append(code)
    return said


router = Router(path="/", route_handlers=[show, again])

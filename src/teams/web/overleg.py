"""How a meeting is written on a page: its title, its steps, what each line says, and the form that plans it."""

from collections.abc import Iterable, Mapping
from typing import Any

from teams.governance.meeting_models import MeetingKind, MeetingState, MeetingStep
from teams.governance.meeting_rules import STEPS
from teams.http.words import Words
from teams.kit.clock import AMSTERDAM
from teams.kit.text import N_
from teams.web.forms import Fields, iso_date

KINDS = {"roloverleg": N_("Roloverleg"), "werkoverleg": N_("Werkoverleg")}
STATES = {
    "gepland": N_("Gepland"),
    "bezig": N_("Bezig"),
    "gesloten": N_("Gesloten"),
    "vervallen": N_("Gaat niet door"),
}
COLOURS = {"gepland": "info", "bezig": "let"}
WORDS = {
    "inchecken": N_("Inchecken"),
    "checklist": N_("Checklist"),
    "cijfers": N_("Cijfers"),
    "projecten": N_("Projecten"),
    "agenda": N_("Agenda"),
    "punten": N_("Punten"),
    "uitchecken": N_("Uitchecken"),
    "inbrengen": N_("Inbrengen"),
    "vragen": N_("Vragen"),
    "reacties": N_("Reacties"),
    "verduidelijken": N_("Verduidelijken"),
    "bezwaren": N_("Bezwaren"),
    "verwerking": N_("Verwerking"),
    "gesloten": N_("Gesloten"),
}
HELP = {
    "inchecken": N_("Iedereen zegt kort hoe hij of zij erbij zit. De anderen luisteren."),
    "checklist": N_("Zeg per regel of het gedaan is."),
    "cijfers": N_("Noem per regel het cijfer van nu. Bespreken komt later."),
    "projecten": N_("Zeg per project wat er veranderde, of dat er niets nieuws is."),
    "agenda": N_("Noem je punt in een paar woorden. Uitleg komt als het aan de beurt is."),
    "punten": N_("De begeleider begint met een punt van de agenda."),
    "uitchecken": N_("Iedereen zegt kort wat dit overleg opleverde. De anderen luisteren."),
    "inbrengen": N_("Wie het punt inbracht, vertelt wat er speelt en wat het voorstel is."),
    "vragen": N_("Vraag wat je wilt weten. Wat je ervan vindt, komt in de volgende ronde."),
    "reacties": N_("Iedereen reageert om de beurt. Wie het punt inbracht, luistert."),
    "verduidelijken": N_("Wie het punt inbracht, licht toe of past het voorstel aan, en legt het dan voor."),
    "bezwaren": N_("Iedereen antwoordt: zie je schade voor het team of een rol?"),
    "verwerking": N_("Zoek samen een voorstel dat het bezwaar oplost en de spanning ook."),
}
OUTCOMES = {
    "aangenomen": N_("Aangenomen"),
    "gekozen": N_("Gekozen"),
    "ingetrokken": N_("Ingetrokken"),
    "vervallen": N_("Vervallen"),
    "op_papier": N_("Gaat verder op papier"),
    "later": N_("Komt terug in een volgend overleg"),
    "besproken": N_("Besproken"),
    "niet_besproken": N_("Niet aan toegekomen"),
}
OUTPUTS = {"volgende_stap": N_("Volgende stap"), "project": N_("Project")}
CORES = {
    "begeleider": N_("Begeleider roloverleg"),
    "teamsecretaris": N_("Teamsecretaris"),
    "rolverdeler": N_("Rolverdeler"),
    "lid": N_("Lid van het team"),
}
STANDING = {"checklist": N_("Checklist"), "cijfers": N_("Cijfers"), "projecten": N_("Projecten")}


def title_of(meeting: Any, speak: Words) -> str:
    return speak.say(
        N_("{soort} van {team}"), {"soort": speak.say(KINDS[meeting.kind]), "team": str(meeting.team or "")}
    )


def hours_of(meeting: Any, speak: Words) -> str:
    """dinsdag 24 november, 9.30 tot 10.30 uur."""
    first, last = meeting.starts_at.astimezone(AMSTERDAM), meeting.ends_at.astimezone(AMSTERDAM)
    if speak.language == "en":
        return f"{speak.weekday(first.date())}, {first:%H:%M}–{last:%H:%M}"
    return f"{speak.weekday(first.date())}, {first.hour}.{first:%M} tot {last.hour}.{last:%M} uur"


def steps_of(meeting: Any, speak: Words) -> list[tuple[str, str]]:
    """The steps of the meeting: words, and 'klaar', 'nu' or ''."""
    order = STEPS[MeetingKind(meeting.kind)]
    at = order.index(MeetingStep(meeting.step)) if meeting.state == MeetingState.ON else -1
    if meeting.state == MeetingState.CLOSED:
        at = len(order)
    return [(speak.say(WORDS[step]), "klaar" if n < at else "nu" if n == at else "") for n, step in enumerate(order)]


def item_steps(item: Mapping[str, Any], speak: Words) -> list[tuple[str, str]]:
    order = ["inbrengen", "vragen", "reacties", "verduidelijken", "bezwaren", "verwerking"]
    at = order.index(item["step"])
    return [(speak.say(WORDS[step]), "klaar" if n < at else "nu" if n == at else "") for n, step in enumerate(order)]


def plan_from(fields: Fields) -> dict[str, Any]:
    """What was typed on the form that plans a meeting."""
    return {
        "teamId": fields.one("team"), "soort": fields.one("soort"), "dag": iso_date(fields.one("dag")),
        "begin": fields.one("begin"), "duur": fields.one("duur") or 60, "plaats": fields.one("plaats"),
        "bedoeling": fields.one("bedoeling"), "voorstelId": fields.one("voorstel") or None,
    }  # fmt: skip


def reported(meeting: Any, kind: str, nothing: str) -> list[tuple[str, str]]:
    """What was said of each standing item of one kind."""
    said = {line["standing"]: line["text"] for line in meeting.lines if line["kind"] == "melding"}
    return [(one["label"], said.get(one["id"], nothing)) for one in meeting.standing if one["kind"] == kind]


def choices(proposals: Iterable[Any], speak: Words) -> list[tuple[str, str]]:
    """Proposals to choose from."""
    return [(str(one.id), speak.say(N_("Voorstel {nr}"), {"nr": str(one.number)})) for one in proposals]

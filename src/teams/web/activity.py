"""Activity in sentences: one Dutch sentence for each verb of the journal, with links to who and what it names."""

from datetime import datetime
from uuid import UUID

from markupsafe import Markup, escape
from sqlalchemy.ext.asyncio import AsyncSession

from teams.http.words import Words
from teams.journal.queries import EntrySeen, activity_of
from teams.kit.clock import day_of
from teams.kit.text import N_
from teams.klussen.names import names_of

PUBLIC: dict[str, str] = {
    "klus.published": N_("{actor} plaatste de klus {klus}."),
    "klus.changed": N_("{actor} veranderde de klus {klus}."),
    "klus.closed": N_("{actor} sloot de inschrijving voor {klus}."),
    "klus.reopened": N_("{actor} opende de inschrijving voor {klus} opnieuw."),
    "klus.renewed": N_("{actor} zei dat de klus {klus} nog staat."),
    "klus.cancelled": N_("{actor} trok de klus {klus} in."),
    "klus.completed": N_("{actor} rondde de klus {klus} af."),
    "klus.started": N_("De klus {klus} is begonnen."),
    "klus.expired": N_("De klus {klus} is verlopen: niemand deed mee."),
    "klus.closed_unanswered": N_("De inschrijving voor {klus} is gesloten: niemand zei dat de klus nog staat."),
    "claim.made": N_("{person} doet mee aan {klus}."),
    "claim.withdrawn": N_("{person} doet toch niet mee aan {klus}."),
    "claim.handed_back": N_("{person} gaf de plek in {klus} terug."),
    "claim.stop_announced": N_("{person} stopt later met {klus}."),
    "claim.stop_recalled": N_("{person} gaat toch door met {klus}."),
    "claim.completed": N_("{person} is klaar met {klus}."),
    "claim.ended": N_("De inzet van {person} bij {klus} is gestopt."),
    "claim.confirmed_again": N_("{person} doet ook met de nieuwe afspraken mee aan {klus}."),
    "claim.accepted": N_("{person} nam de plek in {klus} aan."),
    "claim.reserved": N_("{actor} hield voor een team plekken vast in {klus}."),
    "claim.reservation_released": N_("Een team gaf een plek in {klus} weer vrij."),
    "claim.reservation_lapsed": N_("Een plek die een team vasthield in {klus}, is weer vrij."),
    "klus.drawn": N_("Er is geloot om de plekken in {klus}."),
    "role.created": N_("{actor} maakte de rol {role}."),
    "role.changed": N_("{actor} veranderde de rol {role}."),
    "role.ended": N_("{actor} beëindigde de rol {role}."),
    "role.moved": N_("De rol {role} hoort nu bij het team {team}."),
    "proposal.submitted": N_("{actor} diende {proposal} in."),
    "proposal.adopted": N_("Het team nam {proposal} aan."),
    "proposal.struck": N_("{actor} schrapte wat {proposal} veranderde, want het brak de regels."),
    "proposal.withdrawn": N_("{actor} trok {proposal} in."),
    "proposal.lapsed": N_("Het team besloot niet over {proposal}: dat is vervallen."),
    "proposal.meeting_called": N_("{actor} wil {proposal} in een overleg bespreken."),
    "election.called": N_("Voor de rol {role} begon {election}."),
    "election.shared": N_("De stemmen voor de rol {role} zijn gedeeld: {election}."),
    "election.decided": N_("{person} is gekozen voor de rol {role}: {election}."),
    "election.lapsed": N_("Niemand werd gekozen voor de rol {role}: {election}."),
    "filling.stopped": N_("{person} krijgt de rol {role} niet: de gever van het mandaat hield het tegen."),
    "role.filled": N_("{person} kreeg de rol {role}."),
    "role.filling_changed": N_("De afspraken met {person} over de rol {role} zijn veranderd."),
    "role.emptied": N_("{person} stopt met de rol {role}."),
    "team.created": N_("{actor} maakte het team {name}."),
    "team.changed": N_("{actor} veranderde de gegevens van het team {name}."),
    "team.moved": N_("{actor} gaf het team {name} een andere plek in de organisatie."),
    "team.ended": N_("{actor} beëindigde het team {name}."),
    "policy.created": N_("{actor} legde de afspraak ‘{name}’ vast."),
    "policy.changed": N_("{actor} veranderde de afspraak ‘{name}’."),
    "policy.ended": N_("{actor} beëindigde de afspraak ‘{name}’."),
    "team.direction_set": N_("{actor} stelde de koers van het team {team} vast."),
    "breakdown.declared": N_("{actor} meldde dat het roloverleg van {team} vastloopt."),
    "breakdown.taken": N_("{actor} begeleidt het roloverleg van {team} nu."),
    "breakdown.ended": N_("{actor} zei dat het roloverleg van {team} weer werkt."),
    "meeting.planned": N_("{actor} plande een overleg."),
    "meeting.cancelled": N_("{actor} liet een overleg niet doorgaan."),
    "meeting.closed": N_("Het team sloot een overleg. Het verslag is er."),
    "person.home_team_changed": N_("{person} is van team veranderd."),
    "person.home_team_ended": N_("{person} hoort niet meer bij het team."),
    "person.left": N_("{person} gaat uit dienst."),
}
"""What everybody who may see a team or role reads there. R21: acts only, no reasons of refusal, no hours of persons."""

ON_THE_KLUS: dict[str, str] = {
    "klus.posted": N_("{actor} maakte deze klus."),
    "klus.published": N_("{actor} plaatste deze klus."),
    "klus.changed": N_("{actor} veranderde deze klus."),
    "klus.closed": N_("{actor} sloot de inschrijving."),
    "klus.reopened": N_("{actor} opende de inschrijving opnieuw."),
    "klus.renewed": N_("{actor} zei dat deze klus nog staat."),
    "klus.cancelled": N_("{actor} trok deze klus in."),
    "klus.completed": N_("{actor} rondde deze klus af."),
    "klus.started": N_("De klus is begonnen."),
    "klus.expired": N_("De klus is verlopen: niemand deed mee."),
    "klus.closed_unanswered": N_("De inschrijving is gesloten: niemand zei dat deze klus nog staat."),
    "claim.made": N_("{person} doet mee."),
    "claim.withdrawn": N_("{person} doet toch niet mee."),
    "claim.handed_back": N_("{person} gaf de plek terug."),
    "claim.stop_announced": N_("{person} zei dat hij of zij later stopt."),
    "claim.stop_recalled": N_("{person} gaat toch door."),
    "claim.completed": N_("{person} is klaar."),
    "claim.ended": N_("De inzet van {person} is gestopt."),
    "claim.confirmed_again": N_("{person} doet ook met de nieuwe afspraken mee."),
    "claim.accepted": N_("{person} nam de plek aan."),
    "claim.reserved": N_("{actor} hield plekken vast voor een team."),
    "claim.reservation_released": N_("Een team gaf een plek weer vrij."),
    "claim.reservation_lapsed": N_("Een plek die een team vasthield, is weer vrij."),
    "klus.drawn": N_("Er is geloot om de plekken."),
    "klus.submitted": N_("{actor} legde deze klus voor aan het team."),
    "klus.sent_back": N_("{actor} stuurde deze klus terug."),
    "klus.owner_added": N_("{person} beheert deze klus mee."),
    "klus.owner_removed": N_("{person} beheert deze klus niet meer mee."),
    "klus.asked": N_("{person} stelde een vraag."),
    "klus.answered": N_("{actor} gaf antwoord op een vraag."),
}
"""The same acts on the page of the klus itself (R21)."""

OWN: dict[str, str] = {
    "klus.posted": N_("{actor} maakte een klus, nog als concept."),
    "klus.submitted": N_("{actor} legde {klus} voor aan het team."),
    "klus.sent_back": N_("{actor} stuurde een klus terug."),
    "klus.owner_added": N_("{actor} vroeg je om {klus} mee te beheren."),
    "klus.owner_removed": N_("Je beheert {klus} niet meer mee."),
    "klus.invited": N_("{actor} nodigt je uit voor {klus}."),
    "klus.asked": N_("Je stelde een vraag bij {klus}."),
    "klus.answered": N_("{actor} gaf antwoord op je vraag bij {klus}."),
    "claim.applied": N_("Je meldde je aan voor {klus}."),
    "claim.waiting": N_("Je staat op de wachtlijst van {klus}."),
    "claim.skipped": N_(
        "Er was een plek vrij in {klus}, maar die past nu niet in je uren. Je houdt je plek op de lijst."
    ),
    "claim.moved_in_line": N_("{actor} gaf je een andere plek op de wachtlijst van {klus}."),
    "claim.offered": N_("Er is een plek voor je in {klus}. Zeg binnen drie werkdagen of je die neemt."),
    "claim.selected": N_("{actor} koos je voor {klus}. Zeg binnen drie werkdagen of je de plek neemt."),
    "claim.named": N_("{actor} noemde je voor {klus}. Zeg binnen drie werkdagen of je de plek neemt."),
    "claim.rejected": N_("Je bent niet gekozen voor {klus}."),
    "claim.declined": N_("Je sloeg de plek in {klus} af."),
    "claim.lapsed": N_("De termijn voor je plek in {klus} is voorbij. De plek is naar een ander."),
    "claim.refused": N_("Je team stemde niet in met {klus}."),
    "consent.asked": N_("Je team is gevraagd of je mee kunt doen aan {klus}."),
    "consent.given": N_("Je team stemde in met {klus}."),
    "consent.refused": N_("{actor} antwoordde namens je team over {klus}."),
    "consent.silent": N_("De termijn is voorbij: je team stemde zwijgend in met {klus}."),
    "consent.expired": N_("Je team gaf op tijd geen antwoord over {klus}."),
    "consent.voided": N_("De instemming voor {klus} geldt niet meer: je bent van team veranderd."),
    "person.hired": N_("{person} is in dienst gekomen."),
    "person.changed": N_("{actor} veranderde je naam of e-mailadres."),
    "person.hours_changed": N_("{actor} veranderde je contracturen."),
    "person.absent": N_("{actor} vulde in wanneer je er niet bent."),
    "person.absence_removed": N_("{actor} haalde dagen weg waarop je er niet was."),
    "person.skills_changed": N_("{actor} veranderde je vaardigheden."),
    "person.wishes_changed": N_("Je veranderde wat je zoekt."),
    "feedback.given": N_("{actor} schreef je een terugkoppeling."),
    "search.saved": N_("Je bewaarde een zoekopdracht."),
    "search.dropped": N_("Je haalde een zoekopdracht weg."),
    "correction.asked": N_("Je vroeg om een correctie."),
    "correction.answered": N_("{actor} beantwoordde je verzoek om een correctie."),
    "organ.member_added": N_("{person} is lid van {organ}."),
    "organ.member_ended": N_("{person} is geen lid meer van {organ}."),
    "account.added": N_("Je account is gemaakt."),
    "account.disabled": N_("Je account is gesloten."),
    "account.right_asked": N_("{actor} vroeg voor jou het recht om Teams te beheren."),
    "account.right_given": N_("Je kunt Teams nu beheren."),
    "account.right_refused": N_("Het recht om Teams te beheren kreeg je niet."),
    "account.right_taken": N_("Een recht van je account is weg."),
    "account.changed": N_("De directory veranderde je account."),
    "account.reopened": N_("Je account is weer open. Rollen, klussen en rechten van vroeger komen niet terug."),
    "account.removed": N_("De directory haalde je account weg."),
    "person.access_ended": N_("Je toegang is gestopt, en je rollen en klussen ook."),
    "role.mover_flagged": N_("Je bent van plek veranderd: er is gevraagd of de rol {role} nog klopt."),
    "directory.role_refused": N_("Je kwam in een groep van de directory, maar kreeg de rol of het team daarbij niet."),
    "account.logged_in": N_("Je hebt ingelogd."),
    "account.refused": N_("Iemand typte een verkeerd wachtwoord bij jouw account."),
    "account.password_changed": N_("Je hebt je wachtwoord veranderd."),
    "account.app_added": N_("Je zette een app aan als tweede stap."),
    "account.app_removed": N_("Je zette de app voor je tweede stap uit."),
    "account.codes_made": N_("Je kreeg nieuwe herstelcodes."),
    "account.code_used": N_("Je logde in met een herstelcode."),
    "account.step_refused": N_("Iemand typte je wachtwoord goed, maar de code van de tweede stap fout."),
    "account.passkey_added": N_("Je maakte een passkey."),
    "account.passkey_renamed": N_("Je gaf een passkey een andere naam."),
    "account.passkey_removed": N_("Je haalde een passkey weg."),
    "account.passkey_refused": N_("Iemand gebruikte je passkey, maar het antwoord klopte niet."),
    "account.steps_reset": N_("De beheerder haalde je tweede stap weg."),
    "account.linked": N_("De beheerder koppelde je account aan je inlognaam."),
    "session.ended_by_provider": N_("De inlogdienst logde je uit."),
    "session.ended": N_("Je logde uit op een andere plek."),
    "session.others_ended": N_("Je logde uit op alle andere plekken."),
    "account.password_reset": N_("Je wachtwoord is opnieuw ingesteld."),
    "account.token_created": N_("Er is een token voor je account gemaakt."),
}
"""What only the person self reads: everything that happens to a person is visible to that person."""

_PATHS = {"actor": "personen", "person": "personen", "team": "teams", "role": "rollen", "klus": "klussen"}


Line = tuple[str, str, Markup]
"""One act as the macro `verloop` draws it: moment for machines, day as written, sentence."""


async def activity(
    session: AsyncSession,
    kind: str,
    subject: UUID,
    speak: Words,
    *,
    mine: bool = False,
    before: UUID | None = None,
    known: datetime | None = None,
    limit: int = 10,
) -> tuple[list[Line], UUID | None]:
    """What happened to `subject`, newest first, and `before` of the next page. Two queries. `mine`: the reader is the person."""
    table = ON_THE_KLUS if kind == "klus" else PUBLIC | OWN if mine else PUBLIC
    entries, more = await activity_of(
        session, kind, subject, verbs=list(table), before=before, known=known, limit=limit
    )
    names = await names_of(session, {found for entry in entries for found in ids_in(entry).values()})
    drawn = ((entry, sentence(entry, table[entry.verb], names, speak)) for entry in entries)
    return [
        (entry.at.isoformat(timespec="seconds"), speak.short(day_of(entry.at)), said)
        for entry, said in drawn
        if said is not None
    ], more


def ids_in(entry: EntrySeen) -> dict[str, UUID]:
    """Who and what a sentence may name, by the name of its place."""
    found = {kind: entry.subject(kind) for kind in ("person", "role", "klus", "team", "organ")}
    for kind in ("person", "role", "team", "organ"):
        found[kind] = found[kind] or _uuid(entry.facts.get(kind))
    found["actor"] = entry.actor
    return {kind: subject for kind, subject in found.items() if subject is not None}


def _uuid(fact: object) -> UUID | None:
    try:
        return UUID(fact) if isinstance(fact, str) else None
    except ValueError:
        return None


def _place(kind: str, entry: EntrySeen) -> str | None:
    """Where a proposal or an election is."""
    if kind == "proposal":
        found = entry.subject("proposal")
        return f"/voorstellen/{found}" if found else None
    return f"/teams/{entry.subject('team')}/verkiezingen/{entry.facts.get('election')}"


def sentence(entry: EntrySeen, template: str, names: dict[UUID, str], speak: Words) -> Markup | None:
    """None when it would be about a klus that is still a draft."""
    values: dict[str, str] = {"actor": "Teams", "person": speak.say(N_("iemand")), "role": "", "organ": "", "klus": ""}
    for kind, said in (("proposal", N_("voorstel {n}")), ("election", N_("verkiezing {n}"))):
        if "{" + kind + "}" in template:
            words = speak.say(said, {"n": entry.facts.get("number", "")})
            place = _place(kind, entry)
            values[kind] = _link(place, words) if place else words
    values["name"] = entry.texts.get("name") or entry.texts.get("title") or ""
    for kind, subject in ids_in(entry).items():
        if "{" + kind + "}" not in template:
            continue
        name = names.get(subject)
        if name is None:
            if kind == "klus":
                return None
            continue
        path = _PATHS.get(kind)
        values[kind] = _link(f"/{path}/{subject}", name) if path else name
    safe = {kind: escape(value) for kind, value in values.items()}
    return Markup(str.format(speak.say(template), **safe))  # noqa: S704 - our own templates; values are escaped


def _link(place: str, words: str) -> Markup:
    return Markup(f'<a class="nl-link" href="{escape(place)}">{escape(words)}</a>')  # noqa: S704 - both are escaped

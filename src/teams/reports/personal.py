"""Everything recorded about one person: found by the references of the database itself, so that no new table is forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.kit.text import N_

MOST = 2_000
# Not content: what proves who you are (all bytes, and these names), and what only helps to search.
_HIDDEN = """array(select x.attname::text from pg_attribute x where x.attrelid = c.oid and x.attnum > 0 and not x.attisdropped
    and (x.atttypid in ('bytea'::regtype, 'tsvector'::regtype) or x.attname ~ 'password|secret|totp|token')) as hidden"""
# Every column that refers to a person or an account, also those that do so without the database's own reference.
_COLUMNS = text(
    f"""
    select c.relname as table, a.attname as column, f.relname as refers, {_HIDDEN}
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class f on f.oid = k.confrelid
    join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
    where k.contype = 'f' and f.relname in ('person', 'account') and c.relnamespace = 'public'::regnamespace
        and cardinality(k.conkey) = 1 and has_table_privilege(c.oid, 'select')
    union
    select c.relname, p.attname, replace(p.attname, '_id', ''), {_HIDDEN}
    from pg_class c join pg_attribute p on p.attrelid = c.oid and p.attname in ('person_id', 'account_id')
    where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and has_table_privilege(c.oid, 'select')
    order by 1, 2
    """
)
_ACCOUNT = text("select id from account where person_id = :person")
_JOURNAL = text(
    """
    select j.id, j.at, j.verb, retention_kind(j.verb) as soort, j.facts, j.actor = :person as door_mij, j.accountable,
        (select coalesce(jsonb_object_agg(t.field, t.value), '{}') from journal_text t where t.entry = j.id) as texts,
        j.accountable and not exists (select from journal_text t where t.entry = j.id)
            and exists (select from erasure_item i join erasure e on e.id = i.erasure_id and e.state = 'vernietigd' where i.entry = j.id) as erased
    from (select id from journal where actor = :person
        union select s.entry from journal_subject s where s.kind = 'person' and s.id = :person
        union select s.entry from journal_subject s where s.kind = 'account' and s.id = any(cast(:accounts as uuid[]))) f
    join journal j on j.id = f.id
    where cast(:before as uuid) is null or j.id < cast(:before as uuid)
    order by j.id desc limit :limit
    """
)
NAMES: dict[str, str] = {
    "person": N_("Wie je bent"), "account": N_("Je account"), "account_right": N_("Rechten van je account"),
    "session": N_("Waar je bent ingelogd"), "scim_user": N_("Wat de directory van je zegt"), "scim_member": N_("Groepen in de directory"),
    "right_request": N_("Vragen om het recht beheer"),
    "api_token": N_("Tokens"), "contract": N_("Contracturen"),
    "absence": N_("Wanneer je er niet bent"), "home_team": N_("Je team"), "person_skill": N_("Vaardigheden"),
    "role_filling": N_("Rollen die je vervult"), "organ_member": N_("Organen waar je lid van bent"),
    "replacement": N_("Vervanging"), "interest": N_("Gemelde belangen"), "klus": N_("Klussen die je plaatste"),
    "claim": N_("Klussen waar je aan meedoet"), "proposal": N_("Voorstellen van jou"), "proposal_version": N_("Versies van voorstellen"),
    "proposal_elector": N_("Voorstellen waarop je kon reageren"), "proposal_response": N_("Je reacties op voorstellen"),
    "proposal_remark": N_("Je vragen en opmerkingen"), "proposal_act": N_("Wat je met voorstellen deed"),
    "tension": N_("Spanningen die je inbracht"), "objection": N_("Overwegende bezwaren van jou"),
    "objection_act": N_("Wat je met overwegende bezwaren deed"), "pending_import": N_("Invoer"),
    "decree": N_("Mandaatbesluiten die je maakte"), "decision": N_("Besluiten"), "decision_act": N_("Wat er met besluiten gebeurde"),
    "intent": N_("Voornemens om te besluiten"), "intent_act": N_("Stappen in een voornemen"), "organ_proposal": N_("Voorstellen aan een orgaan"),
    "information_request": N_("Vragen om informatie"), "information_answer": N_("Antwoorden op vragen om informatie"),
    "grant_inquiry": N_("Vragen over mandaten"), "grant_inquiry_answer": N_("Antwoorden op vragen over mandaten"),
    "attempt": N_("Pogingen die niet mochten"), "erasure": N_("Verzoeken om vernietiging"), "retention_term": N_("Bewaartermijnen"),
    "access_review": N_("Toegangscontroles"), "access_review_mark": N_("Opmerkingen bij een toegangscontrole"),
    "checklist": N_("Toetslijsten"), "checklist_act": N_("Wat er met posten van een toetslijst gebeurde"),
    "sample": N_("Steekproeven"), "sample_item": N_("Beoordelingen in een steekproef"),
    "board_account_version": N_("Verantwoording die je maakte"), "board_account_step": N_("Stappen in een verantwoording"),
    "board_question": N_("Vragen en toezeggingen"), "form_key": N_("Formulieren die je kort geleden verstuurde"),
    "calendar_feed": N_("Agenda-adressen"),
    "person_wish": N_("Wat je zoekt"),
    "hours_booking": N_("Uren die je schreef"), "hours_week": N_("Weken met uren die je goedkeurde"),
    "vacancy_stage": N_("Stappen van vacatures"), "vacancy_gap": N_("Wat er van een oude plek werd"),
    "klus_baseline": N_("Wat werk anders had gekost"), "saving": N_("Besparingen"),
    "saved_search": N_("Zoekopdrachten die je bewaart"),
    "saved_search_told": N_("Klussen die je bij je zoekopdrachten kreeg"),
    "correction": N_("Verzoeken om een correctie"),
    "feedback": N_("Terugkoppeling van jou en voor jou"), "endorsement": N_("Vaardigheden die een collega zag"),
    "consent": N_("Instemmingen"),
    "election": N_("Verkiezingen"),
    "election_act": N_("Wat je met verkiezingen deed"),
    "election_ballot": N_("Je stembriefjes"),
    "election_elector": N_("Verkiezingen waarin je kon stemmen"),
    "election_nomination": N_("Voordrachten"),
    "filling_offer": N_("Vragen om een rol te vervullen"),
    "filling_offer_act": N_("Wat je met zo’n vraag deed"),
    "klus_invite": N_("Uitnodigingen voor klussen"),
    "klus_owner": N_("Klussen die je beheert"),
    "klus_question": N_("Vragen bij klussen"),
    "mail": N_("Mail aan jou"),
    "meeting": N_("Overleggen die je plande"),
    "meeting_item": N_("Punten op een agenda"),
    "meeting_line": N_("Regels in een verslag"),
    "meeting_notice": N_("Uitnodigingen voor overleggen"),
    "meeting_presence": N_("Overleggen waar je bij was"),
    "meeting_surrogate": N_("Wie je in een overleg verving"),
    "notice": N_("Meldingen aan jou"),
    "notice_choice": N_("Wat je van meldingen koos"),
    "process_breakdown": N_("Vastgelopen roloverleg dat je meldde of begeleidde"),
    "proposal_strike": N_("Voorstellen die je doorhaalde"),
    "quiet_hours": N_("Je stille uren"),
    "register_setting": N_("Instellingen van het register"),
    "standing_item": N_("Vaste punten op een agenda"),
    "team_claim": N_("Klussen voor je team"),
}  # fmt: skip
"""What a table is called on screen; a table without a name here is shown under its own."""


@dataclass(frozen=True)
class Part:
    """Rows of one table that refer to the person; `more`: there are more than we fetched."""

    table: str
    rows: list[dict[str, Any]]
    more: bool

    @property
    def name(self) -> str:
        return NAMES.get(self.table, self.table)


@dataclass(frozen=True)
class AboutMe:
    """`entries`: what the journal holds of acts by or about the person, newest first."""

    parts: list[Part]
    entries: list[dict[str, Any]]
    older: UUID | None


async def about_person(
    session: AsyncSession, person: UUID, *, before: UUID | None = None, limit: int = MOST, only_entries: bool = False
) -> AboutMe:
    """All rows that refer to the person or the person's account, and every entry by or about them. Four queries."""
    accounts = list(await session.scalars(_ACCOUNT, {"person": person}))
    values = {"person": person, "accounts": accounts, "before": before, "limit": limit + 1}
    found = [dict(row) for row in (await session.execute(_JOURNAL, values)).mappings()]
    parts: list[Part] = []
    if not only_entries:
        columns = (await session.execute(_COLUMNS)).all()
        rows = (await session.execute(text(_statement(columns)), {"person": person, "accounts": accounts})).all()
        parts = [Part(row.name, row.rows[:MOST], len(row.rows) > MOST) for row in rows if row.rows]
    return AboutMe(parts, found[:limit], found[limit - 1]["id"] if len(found) > limit else None)


def _statement(columns: Sequence[Any]) -> str:
    """One statement over all tables; a row that refers to the person twice stands once."""
    tables: dict[str, tuple[list[str], list[str]]] = {"person": (["t.id = :person"], [])}
    for row in columns:
        conditions, hidden = tables.setdefault(row.table, ([], []))
        what = ":person" if row.refers == "person" else "any(cast(:accounts as uuid[]))"
        conditions.append(f't."{row.column}" = {what}')
        hidden[:] = row.hidden
    return "\nunion all\n".join(
        _part(table, " or ".join(conditions), hidden) for table, (conditions, hidden) in sorted(tables.items())
    )


def _part(table: str, condition: str, hidden: Sequence[str]) -> str:
    left_out = "array[" + ", ".join(f"'{name}'" for name in hidden) + "]::text[]"
    rows = f'select * from "{table}" t where {condition} limit {MOST + 1}'
    return f"select '{table}' as name, (select jsonb_agg(to_jsonb(x) - {left_out}) from ({rows}) x) as rows"

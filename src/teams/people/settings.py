"""Settings that may change while everything runs: who may change which, what holds now, and how it came to be."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from sqlalchemy import Row, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import Actor, Note, record
from teams.kit.errors import Conflict, Invalid, NextStep, NotAllowed, Reason
from teams.kit.forms import validated
from teams.kit.settings import Settings
from teams.kit.text import N_, Line, OptionalLine

PAGE = "/beheer/instellingen"
SHOWN = 50


@dataclass(frozen=True)
class Changeable:
    """`legal`: it touches what people may or what is kept of them, so only the municipal secretary changes it."""

    label: str
    help: str
    wrong: str
    legal: bool


CHANGEABLE: dict[str, Changeable] = {
    "works_council": Changeable(
        N_("Instemming van de ondernemingsraad"),
        N_("Datum en kenmerk van het besluit (WOR artikel 27). Leeg: geen uren en geen overzichten per persoon."),
        N_("Vul de datum en het kenmerk van het besluit in, hoogstens 120 tekens."),
        True,
    ),
    "notice_days": Changeable(
        N_("Hoe lang meldingen blijven, in dagen"),
        N_("Ook mail erover en herinneringen. Daarna verdwijnen ze."),
        N_("Vul een heel getal in van 90 tot en met 3650."),
        True,
    ),
    "stale_wait_days": Changeable(
        N_("Wachten op antwoord of een klus nog staat, in dagen"),
        N_("Zonder antwoord sluit de klus. 0 is: nooit."),
        N_("Vul een heel getal in van 0 tot en met 365."),
        True,
    ),
    "account_rate": Changeable(
        N_("Hoogste aantal verzoeken van één account, per minuut"),
        N_("In elk proces. 0 is: zoveel als iemand wil."),
        N_("Vul een heel getal in van 0 tot en met 100000."),
        False,
    ),
    "security_contact": Changeable(
        N_("Waar iemand een lek meldt"),
        N_("Staat in security.txt. Leeg: die bladzijde is er niet."),
        N_("Begin met mailto: of met https://."),
        False,
    ),
}


class SettingForm(BaseModel):
    """`versie`: how often it had changed when the page was made. `terug`: as the environment says again."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    waarde: OptionalLine = None
    reden: Line
    versie: int = Field(ge=0, le=1_000_000)
    terug: bool = False


_HOLD = text("select distinct on (name) name, number, value from setting order by name, number desc")
_LAST = text("select number, value, set_by from setting where name = :name order by number desc limit 1")
_ADD = text(
    "insert into setting (name, number, value, entry_id, set_by) values (:name, :number, :value, :entry, :account)"
)
_HISTORY = text(
    """
    select s.name, s.number, s.value, s.set_at, coalesce(p.name, a.email) as who, t.value as reason
    from setting s left join account a on a.id = s.set_by left join person p on p.id = a.person_id
    left join journal_text t on t.entry = s.entry_id and t.field = 'reason'
    order by s.set_at desc, s.entry_id desc limit :most
    """
)


async def chosen(session: AsyncSession) -> dict[str, Row[Any]]:
    """The last row of each setting that was ever changed; a `value` of none: as the environment says."""
    return {row.name: row for row in (await session.execute(_HOLD)).all() if row.name in CHANGEABLE}


def holding(settings: Settings, rows: Mapping[str, Row[Any]]) -> Settings:
    """What holds: the environment, and over it what was chosen here. What this version cannot read does not hold."""
    found = {}
    for name, row in rows.items():
        try:
            if row.value is not None:
                found[name] = read(name, row.value)
        except ValidationError:
            continue
    return settings.model_copy(update=found) if found else settings


async def current(session: AsyncSession, settings: Settings) -> Settings:
    return holding(settings, await chosen(session))


def read(name: str, value: str) -> Any:
    """The value of a setting, by the same bounds as from the environment."""
    field = Settings.model_fields[name]
    if name == "works_council" and not value:
        return None
    kind: Any = Annotated[field.annotation, field]
    return TypeAdapter(kind).validate_python(value)


async def change(session: AsyncSession, name: str, form: SettingForm, *, by: Actor) -> None:
    """Everywhere within seconds. An accountable entry with the reason; the value itself stands in the row."""
    _need(CHANGEABLE[name], by)
    value = None if form.terug else _checked(name, form.waarde or "")
    last = (await session.execute(_LAST, {"name": name})).one_or_none()
    if last is not None and (last.number, last.value, last.set_by) == (form.versie + 1, value, by.account_id):
        return  # the same form, sent twice
    number = last.number if last else 0
    if number != form.versie:
        raise _older()
    facts = {"code": f"instelling.{name}", "number": number + 1, "kind": "omgeving" if value is None else "hier"}
    entry = await record(
        session, Note("setting.changed", (), facts, {"reason": form.reden, "value": value or ""}, accountable=True), by=by
    )  # fmt: skip
    row = {"name": name, "number": number + 1, "value": value, "entry": entry, "account": by.account_id}
    try:
        async with session.begin_nested():
            await session.execute(_ADD, row)
    except IntegrityError as error:
        raise _older() from error


async def history(session: AsyncSession) -> list[Row[Any]]:
    """The newest first."""
    return list((await session.execute(_HISTORY, {"most": SHOWN})).all())


def may_change(known: Changeable, rights: frozenset[str], person: UUID | None) -> bool:
    """What has legal effect is for the secretary and never for who administers; the rest is for who administers."""
    if known.legal:
        return person is not None and "secretaris" in rights and "beheer" not in rights
    return "beheer" in rights


def _checked(name: str, value: str) -> str:
    try:
        found = read(name, value)
    except ValidationError:
        raise Invalid({"waarde": Reason("waarde", CHANGEABLE[name].wrong)}) from None
    return "" if found is None else str(found)


def setting_form(name: str, values: dict[str, Any]) -> SettingForm:
    """The form, or `Invalid` with every field that is wrong."""
    wrong: dict[str, Reason] = {}
    for check in (lambda: validated(SettingForm, values), lambda: values["terug"] or _checked(name, values["waarde"])):
        try:
            check()
        except Invalid as refusal:
            wrong = refusal.fields | wrong
    if wrong:
        raise Invalid(wrong)
    return validated(SettingForm, values)


def _need(known: Changeable, by: Actor) -> None:
    if not may_change(known, by.rights, by.person_id):
        who = (
            N_("Dit is een instelling met rechtsgevolg: alleen de gemeentesecretaris verandert haar.")
            if known.legal
            else N_("Dit is een instelling van de techniek: alleen wie beheert verandert haar.")
        )
        raise NotAllowed(Reason("geen_recht", who), then=(NextStep(N_("Lees wie wat mag."), "/spelregels"),))


def _older() -> Conflict:
    return Conflict(
        Reason("verouderd", N_("Iemand anders veranderde deze instelling net. Wat je typte, staat er nog.")),
        then=(NextStep(N_("Kijk wat er nu geldt en verander het dan opnieuw.")),),
    )

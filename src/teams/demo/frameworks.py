"""Two frameworks of the college in Zandermeer, and the grants that refer to them; so does everything that hangs below those."""

from datetime import date

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import Actor
from teams.kit.clock import now
from teams.mandates.actions.frameworks import set_framework
from teams.mandates.forms import KaderForm

_PERSON = text("select id from person where email = :email")
# Written again, because a version carries the fingerprint of everything it says.
_REFER = """
    with gone as (delete from grant_version v using power_grant g where g.id = v.grant_id and g.number = $1 returning v.*)
    insert into grant_version select (jsonb_populate_record(null::grant_version,
        to_jsonb(gone) || jsonb_build_object('framework_id', (select id from framework where code = $2)))).* from gone returning hash
"""
_LINK = "update journal set facts = facts || jsonb_build_object('link', $1 || '@' || $2) where verb like 'grant.%' and facts ->> 'number' = $1"
REFERS = {"COL-02": "SUBSIDIE", "COL-03": "INKOOP"}


async def lay_down(session: AsyncSession, email: str, today: date) -> None:
    """By the secretary, whose e-mail address this is; the one for subsidies has a term."""
    by = Actor(await session.scalar(_PERSON, {"email": email}), rights=frozenset({"secretaris"}), origin="demo")
    year = today.year - 5
    for code, title, words, decision, last in (
        ("INKOOP", "Inkoopkader", "Koop waar het kan bij bedrijven uit de streek. Vraag boven € 50.000 drie offertes.", 41, None),
        ("SUBSIDIE", "Subsidiekader", "Subsidie gaat naar wat inwoners zelf beginnen. Wie subsidie krijgt, laat zien wat ermee is gedaan.", 57,
         date(today.year + 1, 12, 31)),
    ):  # fmt: skip
        form = KaderForm(
            code=code, titel=title, tekst=words, orgaan="college", beslotenOp=date(year - 1, 12, 8), besluit=f"B&W {year - 1}-{decision}",
            van=date(year, 1, 1), tot=last,
        )  # fmt: skip
        await set_framework(session, form, by=by, at=await now(session))


async def refer(connection: asyncpg.Connection) -> None:
    """While the tables are not guarded (`past.antedate`), and before anybody decides under these grants."""
    await connection.execute("alter table grant_version enable trigger sound")
    for number, code in REFERS.items():
        await connection.execute(_LINK, number, await connection.fetchval(_REFER, number, code))
    await connection.execute("alter table grant_version disable trigger sound")

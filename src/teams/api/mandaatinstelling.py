"""What a grant does that is decided but not published: read by all, set by the secretary (M13)."""

from datetime import datetime

from litestar import Response
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from teams.api.routes import Doc, actor, answer, body_of, get, post
from teams.http.wants import Me, Page, Session
from teams.kit.clock import now
from teams.mandates.actions.aside import set_unpublished
from teams.mandates.forms import InstellingForm
from teams.mandates.queries.gaps import settings_made


class Instelling(BaseModel):
    """Wat een mandaat doet dat besloten is maar niet bekendgemaakt: weigert of waarschuwt."""

    nietBekendgemaakt: str
    besluit: str | None
    sinds: datetime | None


@get(
    "/mandaten/instelling",
    policy="signed_in",
    doc=Doc("Lees wat een niet bekendgemaakt mandaat doet", answer=Instelling),
)
async def setting(request: Page, session: Session, me: Me) -> Response[bytes]:
    return await _setting(session)


@post(
    "/mandaten/instelling",
    policy="employee",
    doc=Doc(
        "Bepaal wat een niet bekendgemaakt mandaat doet", answer=Instelling, body=InstellingForm, refusals=(403, 409)
    ),
)
async def set_setting(request: Page, session: Session, me: Me) -> Response[bytes]:
    form, at = await body_of(request, InstellingForm), await now(session)
    await set_unpublished(session, form, by=actor(request, me), at=at)
    return await _setting(session)


async def _setting(session: AsyncSession) -> Response[bytes]:
    made = await settings_made(session)
    last = made[0] if made else None
    return answer(
        Instelling(
            nietBekendgemaakt="waarschuwt" if last and not last.unpublished_refuses else "weigert",
            besluit=last.decision if last else None, sinds=last.at if last else None,
        )
    )  # fmt: skip


HANDLERS = [setting, set_setting]

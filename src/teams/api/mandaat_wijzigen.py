"""Changing a draft: what the body says, the rest as it is; a decided grant is replaced by another."""

import json
from typing import Any

from litestar import Response
from litestar.params import FromPath
from pydantic import ConfigDict, Field

from teams.api.bevoegdheidsvragen import as_written
from teams.api.mandaten import MandaatHeel, day, last_day, seen
from teams.api.routes import Doc, actor, patch
from teams.http.wants import Me, Page, Session
from teams.kit.clock import now
from teams.kit.errors import Invalid, Reason
from teams.kit.forms import validated_json
from teams.kit.text import N_
from teams.mandates.actions.grants import change_draft
from teams.mandates.forms import MandaatInvoer
from teams.mandates.queries.register import GrantSeen, grant_by_number
from teams.structure.moment import Moment


def _partial(schema: dict[str, Any]) -> None:
    schema["required"] = ["versie"]
    for part in schema["properties"].values():
        part.pop("default", None)


class MandaatWijziging(MandaatInvoer):
    """Alleen de velden die je wilt veranderen, met de versie waar je van uitging."""

    model_config = ConfigDict(json_schema_extra=_partial)

    versie: str = Field(min_length=1, max_length=100)


@patch(
    "/mandaten/{nummer:str}",
    policy="employee",
    doc=Doc(
        "Verander een voorgenomen mandaat", answer=MandaatHeel, body=MandaatWijziging,
        example={"versie": "8f3a…", "grens": 10000}, refusals=(404, 409),
    ),
)  # fmt: skip
async def change(request: Page, nummer: FromPath[str], session: Session, me: Me) -> Response[bytes]:
    by, at = actor(request, me), await now(session)
    grant = await grant_by_number(session, nummer, Moment(at, at, at))
    form = _merged(grant, json.loads(as_written(await request.body() or b"{}", "grens")))
    await change_draft(session, nummer, form, version=form.versie, by=by, at=at)
    return await seen(session, nummer, Moment(at, at, at))


def _merged(grant: GrantSeen, body: Any) -> MandaatWijziging:
    """The draft as it is, with what the body changes; every field that is wrong at once."""
    if not isinstance(body, dict):
        raise Invalid({"invoer": Reason("invoer", N_("Geef hier velden met een waarde."))})
    subs = {"diepte": str(grant.sub_depth), "alleen_aan": "alleen_aan:" + "|".join(p.text for p in grant.sub_only_to)}
    stands = {
        "soorten": list(grant.kinds), "gever": [party.text for party in grant.grantors], "ontvanger": grant.holder.text,
        "ouder": grant.parent, "bevoegdheden": [code for code, _ in grant.powers],
        "allesBehalve": None if grant.all_except is None else [code for code, _ in grant.all_except],
        "grens": None if grant.ceiling is None else f"{grant.ceiling // 100}.{grant.ceiling % 100:02d}",
        "grensBasis": grant.base, "ondermandaat": subs.get(grant.sub, grant.sub), "voorwaarden": list(grant.conditions),
        "instructies": list(grant.instructions), "vorm": grant.form, "zaak": grant.case, "opSchrift": grant.written,
        "instemmingOntvangerOp": day(grant.consent_holder_on), "instemmingWerkgeverOp": day(grant.consent_employer_on),
        "opmerkingen": grant.remarks or None, "kader": grant.framework, "van": day(grant.starts), "tot": last_day(grant.ends),
    }  # fmt: skip
    form = validated_json(MandaatWijziging, json.dumps(stands | body, default=str).encode())
    if form.nummer not in (None, grant.number):
        raise Invalid({"nummer": Reason("nummer", N_("Het nummer van een mandaat verandert niet."))})
    return form


HANDLERS = [change]

"""From a weighed question to the row of a decision, and to the facts and sealed texts of its log entry."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from teams.decisions.forms import DecisionForm
from teams.decisions.models import Intent, Outcome, Source, content_digest, rules_digest
from teams.decisions.queries.known import Weighed
from teams.kit.errors import Invalid, Reason
from teams.kit.text import N_, visible
from teams.mandates.chains import Capacity, Chain
from teams.mandates.queries.rows import uuid
from teams.mandates.question import Question
from teams.mandates.rules.base import Verdict
from teams.mandates.terms import Kind
from teams.mandates.text import year_of

ELSEWHERE = (Source.IMPORT, Source.CASE_SYSTEM)


def decision_values(
    weighed: Weighed,
    form: DecisionForm,
    *,
    at: datetime,
    source: Source,
    key: str | None,
    intent: Intent | None,
    batch: UUID | None = None,
    external: str | None = None,
) -> dict[str, Any]:
    """Every column but number and entry. The year of the number is the year in which it was recorded.

    What was taken elsewhere may lack authority: it is recorded as a defect, without a chain when there is none."""
    given, q = weighed.answer, weighed.question
    part = weighed.judgement.parts[0]
    power, chain = part.view.power, part.chain
    if not power.confidential and form.onderwerp is None:
        raise Invalid({"onderwerp": Reason("onderwerp", N_("Schrijf in één regel waar het besluit over gaat."))})
    competent = given.verdict is Verdict.YES
    against = competent and q.against_instruction and chain is not None and any(g.instructions for g in chain.grants)
    rules = [[line.code, line.outcome.value] for line in given.rules]
    limit, base = _limit(weighed)
    return {
        "year": year_of(at), "year_text": str(year_of(at)), "power": power.code, "power_title": power.title,
        "act": power.act.value, "organ": _organ(weighed), "confidential": power.confidential, "recording": power.recording,
        "source": source.value, "batch_id": batch, "external": external, "origin": form.herkomst, "intent_id": intent.id if intent else None,
        "person_id": UUID(q.person or ""), "role_id": role_of(chain) if chain else _id(q.role),
        "capacity": chain.post.capacity.value if chain else Capacity.PERSON.value,
        "absent": [UUID(one) for one in chain.post.absent] if chain else [],
        "second_id": intent.second_id if intent else _id(q.second) if source in ELSEWHERE else None, "reporter_id": _id(q.reporter),
        "contested": q.contested.number if q.contested else None, "verdict": _word(given.verdict),
        "outcome": (Outcome.OVERRIDDEN if against else Outcome.COMPETENT if competent else Outcome.DEFECT).value,
        "grants": sorted({link.number for links in given.chains for link in links if link.number}),
        "chains": [[f"{link.number}@{link.version}" for link in links if link.number] for links in given.chains],
        "ceiling": limit, "base": base, "cents": q.cents, "total": part.view.total,
        "rulebook": given.rulebook, "rules": rules, "rules_hash": rules_digest(rules),
        "question": question_facts(q), "answer": given.to_dict(),
        "case_number": q.case, "counterparty": q.counterparty,
        "subject": None if power.confidential else form.onderwerp, "reasons": form.motivering,
        "signature": "\n".join(given.signature.lines) if given.signature else None,
        "no_interest": form.belangVerklaring, "sensitive": q.sensitive, "overridden": "M14" if against else None,
        "override_reason": form.instructieReden if against else None, "request_key": key, "decided_at": q.moment,
    }  # fmt: skip


def texts_of(values: dict[str, Any], weighed: Weighed) -> tuple[dict[str, Any], dict[str, str | None]]:
    """Facts in clear: codes and digests only. Texts: each sealed with its own key, so that each can be erased (mandates 4.4)."""
    keten = list(dict.fromkeys(link for chain in values["chains"] for link in chain))
    facts = {
        "bevoegdheid": values["power"], "uitkomst": values["outcome"], "rulebook": values["rulebook"],
        "regels": values["rules_hash"], "soort": values["act"],
        **({"keten": keten} if keten else {}), **({"grond": values["overridden"]} if values["overridden"] else {}),
    }  # fmt: skip
    texts = {
        "actor": str(values["person_id"]), "rol": str(values["role_id"]) if values["role_id"] else None,
        "tweede": str(values["second_id"]) if values["second_id"] else None,
        "bedrag": None if values["cents"] is None else str(values["cents"]), "zaak": values["case_number"],
        "wederpartij": values["counterparty"], "onderwerp": values["subject"], "reden": values["reasons"],
        "inhoud": content_digest(values),
    }  # fmt: skip
    return facts, texts


def question_facts(q: Question) -> dict[str, Any]:
    """What was asked besides the columns of its own: codes, ids and features."""
    held = {
        "gebied": q.area, "zaaktype": q.case_type, "uren": q.hours, "budget": q.budget, "belang": q.interest,
        "beklaagde": q.complained_of, "orgaanBeslootOp": q.organ_decided_on.isoformat() if q.organ_decided_on else None,
        "tegenInstructie": q.against_instruction or None, "kenmerken": dict(q.features) or None,
        "bevestigd": sorted(map(visible, q.confirmed)) or None, "genomenDoor": sorted(q.contested.taken_by or ()) if q.contested else None,
    }  # fmt: skip
    return {name: value for name, value in held.items() if value is not None}


def _word(verdict: Verdict) -> str:
    """What was done without waiting for advice or a second person had no authority."""
    return verdict.word if verdict in (Verdict.YES, Verdict.RATIFY) else Verdict.NO.word


def _limit(weighed: Weighed) -> tuple[int | None, str]:
    """The lowest ceiling of all chains and what it counts; the power's own base without one."""
    grants = [grant for part in weighed.judgement.parts if part.chain for grant in part.chain.grants]
    limited = [grant for grant in grants if grant.ceiling is not None]
    if not limited:
        return None, weighed.judgement.parts[0].view.power.ceiling_base.value
    lowest = min(limited, key=lambda grant: (grant.ceiling or 0, grant.number))
    return lowest.ceiling, lowest.base.value


def _organ(weighed: Weighed) -> str:
    """In whose name: after delegation the receiver's own (Awb 10:13)."""
    part = weighed.judgement.parts[0]
    organ = part.organ.id
    for grant in part.chain.grants if part.chain else ():
        if Kind.DELEGATION in grant.kinds:
            organ = grant.holder.id
    return organ


def role_of(chain: Chain) -> UUID | None:
    """The role of the chain's end; an office outside (extern) is no role of ours."""
    return uuid(chain.post.role.id) if chain.post.role else None


def _id(value: str | None) -> UUID | None:
    return None if value is None else UUID(value)

"""The named ways to say no: every refusal carries all its reasons and the next step."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Reason:
    """One reason of a refusal. `text` is a Dutch template (msgid) filled with `values` by the face that shows it."""

    code: str
    text: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class NextStep:
    """What the user can do now, with an address where there is one."""

    text: str
    url: str | None = None
    values: dict[str, Any] = field(default_factory=dict)


class Refusal(Exception):
    """Something asked for that we will not do; nothing was changed."""

    def __init__(self, *reasons: Reason, then: tuple[NextStep, ...] = ()) -> None:
        super().__init__("; ".join(reason.text.format(**reason.values) for reason in reasons))
        self.reasons = reasons
        self.then = then


class NotFound(Refusal):
    """It does not exist, or this person may not see it: the answer is the same."""


class NotAllowed(Refusal):
    """This person may see it but not do this."""


class Conflict(Refusal):
    """The state does not allow it, or someone else was first."""


class Invalid(Refusal):
    """The input cannot be used. `fields` maps a field's name to what is wrong with it."""

    def __init__(self, fields: dict[str, Reason], then: tuple[NextStep, ...] = ()) -> None:
        super().__init__(*fields.values(), then=then)
        self.fields = fields

"""From typed values to a form model: every fault at once, each with its field and a Dutch sentence."""

import re
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from teams.kit.errors import Invalid, Reason
from teams.kit.text import N_, clean

M = TypeVar("M", bound=BaseModel)

_MESSAGES: dict[str, str] = {
    "missing": N_("Vul dit in."),
    "string_too_short": N_("Vul dit in."),
    "too_short": N_("Vul dit in."),
    "string_too_long": N_("Gebruik hoogstens {max_length} tekens."),
    "string_type": N_("Vul een tekst in."),
    "too_long": N_("Kies er hoogstens {max_length}."),
    "greater_than": N_("Vul een getal in dat hoger is dan {gt}."),
    "greater_than_equal": N_("Dit mag niet lager of eerder zijn dan {ge}."),
    "less_than": N_("Vul een getal in dat lager is dan {lt}."),
    "less_than_equal": N_("Dit mag niet hoger of later zijn dan {le}."),
    "int_parsing": N_("Vul een heel getal in, zoals 3."),
    "int_type": N_("Vul een heel getal in, zoals 3."),
    "int_from_float": N_("Vul een heel getal in, zoals 3."),
    "int_parsing_size": N_("Dit getal is te groot."),
    "decimal_parsing": N_("Vul een getal in, zoals 6 of 6,5."),
    "decimal_type": N_("Vul een getal in, zoals 6 of 6,5."),
    "finite_number": N_("Vul een getal in, zoals 6 of 6,5."),
    "decimal_max_places": N_("Gebruik hoogstens {decimal_places} cijfer achter de komma."),
    "decimal_max_digits": N_("Dit getal is te groot."),
    "decimal_whole_digits": N_("Dit getal is te groot."),
    "enum": N_("Kies een van deze: {expected}."),
    "literal_error": N_("Kies een van deze: {expected}."),
    "union_tag_invalid": N_("Kies een van deze soorten: {expected_tags}."),
    "union_tag_not_found": N_("Zet erbij welke soort het is."),
    "uuid_parsing": N_("Kies er een uit de lijst."),
    "uuid_type": N_("Kies er een uit de lijst."),
    "bool_parsing": N_("Kies ja of nee."),
    "bool_type": N_("Kies ja of nee."),
    "list_type": N_("Geef hier een lijst."),
    "model_type": N_("Geef hier velden met een waarde."),
    "extra_forbidden": N_("Dit veld kennen we niet."),
}
_DATE = N_("Vul een dag in die bestaat, als dd-mm-jjjj.")
_OTHER = N_("Deze waarde kunnen we niet lezen.")


def validated(model: type[M], values: object) -> M:
    """The form, or `Invalid` with every field that is wrong."""
    try:
        return model.model_validate(values)
    except ValidationError as faults:
        raise _invalid(faults) from None


def validated_json(model: type[M], body: bytes) -> M:
    """The same for JSON, in which a number is a number and not a text that looks like one."""
    try:
        return model.model_validate_json(body, strict=True)
    except ValidationError as faults:
        raise _invalid(faults) from None


def cleaned(field: str, value: str) -> str:
    """A text that no form model reads, as one would have read it; `Invalid` names its field."""
    try:
        return clean(value)
    except PydanticCustomError as unreadable:
        raise Invalid({field: Reason(field, unreadable.message_template)}) from None


def _invalid(faults: ValidationError) -> Invalid:
    return Invalid(dict(map(_reason, faults.errors(include_url=False))))


def _reason(fault: ErrorDetails) -> tuple[str, Reason]:
    context: dict[str, Any] = dict(fault.get("ctx") or {})
    if "expected" in context:
        context["expected"] = str(context["expected"]).replace("'", "").replace(" or ", ", ")
    kind = fault["type"]
    if kind == "veld":
        field = str(context.pop("veld"))
        return field, Reason(field, fault["msg"], context)
    field = str(fault["loc"][0]) if fault["loc"] else "invoer"
    if kind == "tekens":
        return field, Reason(field, fault["msg"])
    if kind == "too_long" and isinstance(fault["input"], str):
        kind = "string_too_long"
    message = _DATE if kind.startswith("date") else _MESSAGES.get(kind, _OTHER)
    wanted = set(re.findall(r"{(\w+)}", message))
    return field, Reason(field, message, {name: value for name, value in context.items() if name in wanted})

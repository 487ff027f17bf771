"""What SCIM says of itself: schemas, resource types, what we can do; and a body read into those shapes, whoever wrote it."""

import re
from typing import Any

from teams.exchange.directory import ENTERPRISE

CORE = "urn:ietf:params:scim:schemas:core:2.0:"
USER, GROUP = CORE + "User", CORE + "Group"
MESSAGES = "urn:ietf:params:scim:api:messages:2.0:"
LIST, PATCH, ERROR = MESSAGES + "ListResponse", MESSAGES + "PatchOp", MESSAGES + "Error"
LONGEST, MOST = 400, 10_000
PAGE = 200

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")

Resource = dict[str, Any]


class Bad(Exception):
    """A request that SCIM refuses: status, `scimType`, and what is wrong."""

    def __init__(self, detail: str, kind: str | None = "invalidValue", status: int = 400) -> None:
        super().__init__(detail)
        self.detail, self.kind, self.status = detail, kind, status


_EMAIL = {"value": "string", "type": "string", "primary": "boolean"}
_MEMBER = {"value": "string", "$ref": "reference"}
SHAPES: dict[str, dict[str, Any]] = {
    USER: {
        "userName": "string", "externalId": "string", "displayName": "string", "active": "boolean",
        "name": {"formatted": "string", "givenName": "string", "familyName": "string"}, "emails": [_EMAIL],
        ENTERPRISE: {"employeeNumber": "string", "department": "string"},
    },
    GROUP: {"displayName": "string", "externalId": "string", "members": [_MEMBER]},
}  # fmt: skip
NEEDED = {USER: "userName", GROUP: "displayName"}


def read(body: Any, schema: str) -> Resource:
    """The body in our own names: any case, dotted and urn keys, 'False' for false; what we do not know is left out."""
    if not isinstance(body, dict):
        raise Bad("A resource is a JSON object.", "invalidSyntax")
    found: Resource = {}
    for key, value in body.items():
        place = parts_of(key, schema)
        if place is None:
            continue
        attribute, sub = place
        shape = SHAPES[schema][attribute]
        if sub is None:
            found[attribute] = fit(value, shape, attribute)
        elif isinstance(shape, dict):
            found.setdefault(attribute, {})[sub] = fit(value, shape[sub], sub)
    return {key: value for key, value in found.items() if value not in (None, {}, [])}


def parts_of(path: str, schema: str) -> tuple[str, str | None] | None:
    """Attribute and sub-attribute that a path without a filter names, in our spelling; None when we do not know it."""
    lower = path.lower()
    prefix = schema.lower() + ":"
    lower = lower.removeprefix(prefix)
    if schema == USER and lower.startswith(ENTERPRISE.lower()):
        rest = lower[len(ENTERPRISE) :].lstrip(":.")
        sub = _same(rest, SHAPES[USER][ENTERPRISE]) if rest else None
        return None if rest and sub is None else (ENTERPRISE, sub)
    head, _, tail = lower.partition(".")
    attribute = _same(head, SHAPES[schema])
    if attribute is None:
        return None
    shape = SHAPES[schema][attribute]
    if not tail:
        return attribute, None
    names = shape[0] if isinstance(shape, list) else shape
    sub = _same(tail, names) if isinstance(names, dict) else None
    return None if sub is None else (attribute, sub)


def _same(name: str, among: Any) -> str | None:
    return next((known for known in among if known.lower() == name.lower()), None)


def fit(value: Any, shape: Any, name: str) -> Any:
    """The value as its shape wants it; `Bad` when it cannot be."""
    if value is None:
        return None
    if isinstance(shape, list):
        items = value if isinstance(value, list) else [value]
        if len(items) > MOST:
            raise Bad(f"{name}: at most {MOST} values.")
        found = [fit({"value": item} if isinstance(item, str) else item, shape[0], name) for item in items]
        return [item for item in found if item]
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            raise Bad(f"{name}: an object is needed.")
        pairs = ((_same(key, shape), inner) for key, inner in value.items())
        fitted = {key: fit(inner, shape[key], key) for key, inner in pairs if key is not None}
        return {key: inner for key, inner in fitted.items() if inner is not None}
    if shape == "boolean":
        if isinstance(value, str) and value.strip().lower() in ("true", "false"):
            return value.strip().lower() == "true"
        if not isinstance(value, bool):
            raise Bad(f"{name}: true or false is needed.")
        return value
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Bad(f"{name}: a text is needed.")
    text = str(value).strip()
    if len(text) > LONGEST:
        raise Bad(f"{name}: at most {LONGEST} characters.")
    if _CONTROL.search(text):
        raise Bad(f"{name}: no control characters.")
    return text or None


def _attribute(name: str, shape: Any, schema: str = "") -> Resource:
    many = isinstance(shape, list)
    inner = shape[0] if many else shape
    kind = "complex" if isinstance(inner, dict) else inner
    needed = NEEDED.get(schema) == name
    found: Resource = {
        "name": name, "type": kind, "multiValued": many, "description": _SAYS.get(name, name), "required": needed,
        "mutability": "readWrite", "returned": "default",
    }  # fmt: skip
    if kind == "string":
        found |= {"caseExact": name in ("externalId", "value", "$ref"), "uniqueness": "server" if needed else "none"}
    if kind == "reference":
        found |= {"referenceTypes": ["User"], "caseExact": True, "uniqueness": "none"}
    if kind == "complex":
        found["subAttributes"] = [_attribute(sub, what) for sub, what in inner.items()]
    if schema == GROUP and name == "members":
        for sub in found["subAttributes"]:
            sub["mutability"] = "immutable"
    return found


_SAYS = {
    "userName": "Name in the directory, unique whatever the case.",
    "employeeNumber": "Number in the staff register; links the account to the person.",
    "active": "Without access all sessions, tokens, roles and claims end in one transaction.",
    "externalId": "Id in the directory; becomes the identity with which a person logs in.",
    "members": "Accounts in this group. A group with a team's name shows the secretary who moved; it changes no role.",
}


def schemas(base: str) -> list[Resource]:
    """The three schemas, with the attributes that we keep and no others."""
    inside = {name: shape for name, shape in SHAPES[USER].items() if name != ENTERPRISE}
    shapes = ((USER, "User", inside), (GROUP, "Group", SHAPES[GROUP]), (ENTERPRISE, "EnterpriseUser", SHAPES[USER][ENTERPRISE]))  # fmt: skip
    return [
        {
            "schemas": [CORE + "Schema"], "id": urn, "name": name, "description": name,
            "attributes": [_attribute(key, shape, urn) for key, shape in attributes.items() if key != "externalId"],
            "meta": {"resourceType": "Schema", "location": f"{base}/Schemas/{urn}"},
        }
        for urn, name, attributes in shapes
    ]  # fmt: skip


def resource_types(base: str) -> list[Resource]:
    extension = [{"schema": ENTERPRISE, "required": False}]
    return [
        {
            "schemas": [CORE + "ResourceType"], "id": name, "name": name, "endpoint": f"/{name}s", "description": name,
            "schema": urn, **({"schemaExtensions": extension} if urn == USER else {}),
            "meta": {"resourceType": "ResourceType", "location": f"{base}/ResourceTypes/{name}"},
        }
        for urn, name in ((USER, "User"), (GROUP, "Group"))
    ]  # fmt: skip


def provider(base: str) -> Resource:
    no = {"supported": False}
    return {
        "schemas": [CORE + "ServiceProviderConfig"], "patch": {"supported": True},
        "bulk": {**no, "maxOperations": 0, "maxPayloadSize": 0}, "filter": {"supported": True, "maxResults": PAGE},
        "changePassword": no, "sort": no, "etag": {"supported": True},
        "authenticationSchemes": [
            {"type": "oauthbearertoken", "name": "Bearer", "description": "A token from `teams scim token`.", "primary": True}
        ],
        "meta": {"resourceType": "ServiceProviderConfig", "location": f"{base}/ServiceProviderConfig"},
    }  # fmt: skip

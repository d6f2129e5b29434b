"""Identity Service: namespaces of identities. Shape: Adobe's official description, and its guide of namespaces.

A code is unique, code and identity type never change, and nothing is deleted. The standard namespaces with their IDs
are those of Adobe's guides; every sandbox has them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from flowctl.emulator.conditions import Condition
from flowctl.emulator.errors import Refusal
from flowctl.emulator.identifiers import new_etag
from flowctl.emulator.json_text import parse
from flowctl.emulator.message import Reply
from flowctl.emulator.routing import Operation, Refusals, Service

if TYPE_CHECKING:
    from flowctl.emulator.message import Call
    from flowctl.emulator.objects import Stored

KIND: Final = "namespaces"
TYPES: Final = ("Cookie", "Cross_device", "Device", "Email", "Mobile", "Non_people", "Phone")
B2B_TYPES: Final = (
    "B2B_ACCOUNT",
    "B2B_ACCOUNT_PERSON",
    "B2B_CAMPAIGN",
    "B2B_CAMPAIGN_MEMBER",
    "B2B_MARKETING_LIST",
    "B2B_MARKETING_LIST_MEMBER",
    "B2B_OPPORTUNITY",
    "B2B_OPPORTUNITY_PERSON",
)
FIRST_ID: Final = 10_000_001
_CODE = re.compile(r"[A-Za-z0-9_]+\Z")
_STANDARD: Final = (
    (0, "CORE", "CORE", "COOKIE"),
    (4, "ECID", "ECID", "COOKIE"),
    (6, "Email", "Email", "Email"),
    (7, "Phone", "Phone", "Phone"),
    (8, "WAID", "Windows AID", "DEVICE"),
    (9, "TNTID", "Adobe Target (TNTID)", "COOKIE"),
    (10, "AAID", "Adobe Analytics (Legacy ID)", "COOKIE"),
    (411, "AdCloud", "Adobe AdCloud", "COOKIE"),
    (20914, "GAID", "Google Ad ID (GAID)", "DEVICE"),
    (20915, "IDFA", "Apple IDFA (ID for Apple)", "DEVICE"),
)
_SINCE: Final = 1_441_122_419_000


def _refusal(status: int, title: str, code: str, description: str) -> Refusal:
    return Refusal(
        status,
        {
            "type": "http://ns.adobe.com/adobecloud/problem/namespacevalidation",
            "status": status,
            "title": title,
            "description": description,
            "report": {"code": code},
        },
    )


def _invalid(description: str) -> Refusal:
    return _refusal(400, "Namespace validation", "INVALID_REQUEST_PARAMS", description)


def _not_found(description: str) -> Refusal:
    return _refusal(404, "Namespace validation", "NAMESPACE_NOT_FOUND", description)


def _standard() -> list[dict[str, Any]]:
    return [
        {
            "id": id_,
            "code": code,
            "name": name,
            "description": f"{code} Namespace",
            "idType": type_,
            "status": "ACTIVE",
            "custom": False,
            "createTime": _SINCE,
            "updateTime": _SINCE,
        }
        for id_, code, name, type_ in _STANDARD
    ]


def namespace_exists(call: Call, name: str, *, is_id: bool | None = None) -> bool:
    """Whether the sandbox has a namespace of this code, in capitals or not, or of this number; by default, either."""
    own = [stored.value() for stored in call.platform.objects.select(call.caller.scope, KIND)]
    every = [*_standard(), *own]
    by_id = is_id is not False and any(str(each["id"]) == name for each in every)
    return by_id or (is_id is not True and any(each["code"].lower() == name.lower() for each in every))


def list_namespaces(call: Call) -> Reply:
    """Return every namespace of the sandbox, the standard ones first."""
    own = [stored.value() for stored in call.platform.objects.select(call.caller.scope, KIND)]
    return Reply(body=[*_standard(), *own])


def read_namespace(call: Call) -> Reply:
    """Return one namespace by its number."""
    standard = next((each for each in _standard() if str(each["id"]) == call.parameters["id"]), None)
    return Reply(body=standard or _find(call).value())


def create_namespace(call: Call) -> Reply:
    """Create a namespace: 200 with the whole of it, 409 for a code that exists."""
    body = _checked(call)
    same = Condition("name = ?", (body["code"].lower(),))
    standard = {each["code"].lower() for each in _standard()}
    if body["code"].lower() in standard or call.platform.objects.count(call.caller.scope, KIND, same):
        words = "Namespace code already exists. Please use a different code"
        raise _refusal(409, "NAMESPACE_CODE_CONFLICT", "INTEGRATION_CODE_EXISTS", words)
    id_ = FIRST_ID + call.platform.objects.count(call.caller.scope, KIND)
    namespace = {**body, "id": id_, "status": "ACTIVE", "custom": True}
    namespace |= {"createTime": call.now_ms, "updateTime": call.now_ms}
    call.platform.objects.insert(
        call.caller.scope,
        KIND,
        str(id_),
        namespace,
        etag=new_etag(call.now_ms),
        created=call.now_ms,
        name=body["code"].lower(),
    )
    return Reply(body=namespace)


def replace_namespace(call: Call) -> Reply:
    """Replace a namespace: 200 with a list of it. Refuses another code or identity type (400)."""
    if any(str(each["id"]) == call.parameters["id"] for each in _standard()):
        raise _invalid("A standard namespace cannot be changed.")
    stored = _find(call)
    before, body = stored.value(), _checked(call)
    if body["code"] != before["code"] or body["idType"].lower() != before["idType"].lower():
        raise _invalid("code and idType are non editable fields")
    namespace = {**before, **body, "idType": before["idType"], "updateTime": call.now_ms}
    call.platform.objects.replace(
        call.caller.scope, KIND, stored.id, namespace, etag=new_etag(call.now_ms), name=stored.name
    )
    return Reply(body=[namespace])


def _find(call: Call) -> Stored:
    stored = call.platform.objects.get(call.caller.scope, KIND, call.parameters["id"])
    if stored is None:
        raise _not_found(f"Namespace id not found for given IMS Org {call.caller.org}")
    return stored


def _checked(call: Call) -> dict[str, Any]:
    body = parse(call.incoming.body)
    if not isinstance(body, dict):
        raise _invalid("The body is a JSON object.")
    name, code, type_ = (body.get(key) for key in ("name", "code", "idType"))
    if not isinstance(name, str) or not name:
        raise _invalid("Please provide a valid value of name.")
    if not isinstance(code, str) or not _CODE.match(code):
        raise _invalid("Please provide a valid value of code: letters, numbers and underscores.")
    if not isinstance(type_, str) or type_.lower() not in {each.lower() for each in (*TYPES, *B2B_TYPES)}:
        raise _invalid(f"Please provide a valid value of idType. Valid values are: {', '.join(TYPES)}")
    description = body.get("description", "")
    if not isinstance(description, str):
        raise _invalid("Please provide a valid value of description.")
    return {"name": name, "code": code, "idType": type_, "description": description}


IDENTITY = Service(
    prefix="/data/core/idnamespace",
    operations=(
        Operation("GET", "/identities", list_namespaces),
        Operation("POST", "/identities", create_namespace),
        Operation("GET", "/identities/{id}", read_namespace),
        Operation("PUT", "/identities/{id}", replace_namespace),
    ),
    refusals=Refusals(
        bad_json=_invalid,
        no_sandbox=lambda: _invalid("The header x-sandbox-name is missing."),
        unknown_sandbox=lambda name: _not_found(f"There is no sandbox {name} in this organization."),
        not_permitted=lambda permission: _refusal(
            403, "Namespace Validation", "FORBIDDEN", f"The permission {permission} is missing."
        ),
    ),
)

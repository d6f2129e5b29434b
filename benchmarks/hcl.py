"""The objects of a workspace as HCL, for OpenTofu or Terraform with the provider Mastercard/restapi.

The provider compares nothing with the platform: replies wrap objects and add members, and it has no rule for either.
Every object has `ignore_all_server_changes`, so its plan reads each object, and finds only one that is missing.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.recorder import Creation

_REGISTRY = "/data/foundation/schemaregistry/"
_CATALOG = "/data/foundation/catalog/"
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LOOKUP = "application/vnd.adobe.xed+json; version=1"
_REQUIRED = """terraform {
  required_providers {
    restapi = {
      source  = "Mastercard/restapi"
      version = ">= 2.0.0"
    }
  }
}
"""
_SENT_ALWAYS = ("authorization", "x-api-key", "x-gw-ims-org-id", "x-sandbox-name")


def as_hcl(creations: Sequence[Creation], *, platform: str, plain: str, headers: Mapping[str, str]) -> str:
    """One configuration that creates the same objects, with references where a body holds the ID of an earlier one.

    `plain` is the address at which datasets have the form of other objects.
    """
    sent = {name: value for name, value in headers.items() if name.lower() in _SENT_ALWAYS}
    parts = [
        _REQUIRED,
        _provider("", platform, sent),
        _provider("registry", platform, {**sent, "Accept": _LOOKUP}),
        _provider("catalog", plain, {**sent, "X-Plain": "yes"}),
    ]
    references: dict[str, str] = {}
    for number, creation in enumerate(creations):
        name = f"object_{number:05}"
        parts.append(_object(name, creation, references))
        references.setdefault(*_reference(name, creation))
    return "\n".join(parts)


def _provider(alias: str, url: str, headers: Mapping[str, str]) -> str:
    named = f"  alias = {_text(alias)}\n" if alias else ""
    return (
        f'provider "restapi" {{\n{named}  uri = {_text(url)}\n  create_returns_object = true\n'
        f"  headers = {_value(headers, {}, '  ')}\n}}\n"
    )


def _object(name: str, creation: Creation, references: Mapping[str, str]) -> str:
    lines = [f'resource "restapi_object" "{name}" {{']
    if alias := "registry" if _is_schema(creation) else "catalog" if creation.path.startswith(_CATALOG) else "":
        lines.append(f"  provider = restapi.{alias}")
    lines += [
        f"  path = {_text(creation.path)}",
        f"  id_attribute = {_text('meta:altId' if _is_schema(creation) else 'id')}",
        "  ignore_all_server_changes = true",
        f"  data = jsonencode({_value(creation.body, references, '  ')})",
        "}",
    ]
    return "\n".join(lines) + "\n"


def _is_schema(creation: Creation) -> bool:
    return creation.path.startswith(_REGISTRY)


def _reference(name: str, creation: Creation) -> tuple[str, str]:
    """The ID that the platform gave, and the expression for it."""
    if _is_schema(creation):
        return creation.reply["$id"], f'jsondecode(restapi_object.{name}.create_response)["$id"]'
    if isinstance(creation.reply, list):
        return str(creation.reply[0]).rpartition("/")[2], f"restapi_object.{name}.id"
    return creation.reply["id"], f"restapi_object.{name}.id"


def _value(value: Any, references: Mapping[str, str], indent: str) -> str:
    inner = f"{indent}  "
    if isinstance(value, Mapping):
        members = (f"{inner}{_key(key)} = {_value(member, references, inner)}\n" for key, member in value.items())
        return f"{{\n{''.join(members)}{indent}}}" if value else "{}"
    if isinstance(value, list):
        items = (f"{inner}{_value(item, references, inner)},\n" for item in value)
        return f"[\n{''.join(items)}{indent}]" if value else "[]"
    if isinstance(value, str):
        return references.get(value) or _text(value)
    return json.dumps(value)


def _key(key: str) -> str:
    return key if _PLAIN_KEY.fullmatch(key) else _text(key)


def _text(text: str) -> str:
    """A string without templates: `${` and `%{` begin one in HCL."""
    return json.dumps(text, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")

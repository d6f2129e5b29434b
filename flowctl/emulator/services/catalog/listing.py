"""List parameters of Catalog: limit and start, simple filters, property conditions, tags and orderBy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flowctl.emulator.conditions import (
    LONGEST_KEY,
    RELATIONS,
    Condition,
    Step,
    all_of,
    differs_from_all,
    equals_any,
    on_path,
    relation,
    version_relation,
)
from flowctl.emulator.services.refusals import bad_request

if TYPE_CHECKING:
    from collections.abc import Collection

    from flowctl.emulator.message import Call
    from flowctl.emulator.objects import Stored

DEFAULT_LIMIT = 20
LARGEST_LIMIT = 100
LARGEST_START = 10**9
_PROPERTY = re.compile(r"(!?)([A-Za-z0-9_@:-]+(?:\.[A-Za-z0-9_@:-]+)*)(?:(==|!=|<=|>=|<|>|~)(.*))?\Z", re.DOTALL)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")


def select(call: Call, kind: str, simple: Collection[str], *extra: Condition) -> list[Stored]:
    """Return one page of a kind. Refuses a limit outside 1 to 100, a bad start, filter or order (400)."""
    query = call.incoming.query
    conditions = list(extra)
    for name in simple:
        conditions.extend(_simple(name, text) for text in query.getlist(name))
    conditions.extend(_property(text) for text in query.getlist("property"))
    for text in query.getlist("tags"):
        conditions.extend(_tag(part) for part in text.split(","))
    return call.platform.objects.select(
        call.caller.scope,
        kind,
        all_of(conditions),
        order=_order(query.get("orderBy") or query.get("sort") or ""),
        limit=_integer(query.get("limit"), "limit", DEFAULT_LIMIT, 1, LARGEST_LIMIT),
        offset=_integer(query.get("start") or query.get("offset"), "start", 0, 0, LARGEST_START),
    )


def _integer(text: str | None, name: str, default: int, least: int, most: int) -> int:
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 11 and least <= int(text) <= most):
        raise bad_request(f"The query parameter {name} is an integer from {least} to {most}.")
    return int(text)


def _simple(name: str, text: str) -> Condition:
    """`name=a,b` is any of them, `name=!a,b` none of them; `*` in a value stands for anything, `**` for itself."""
    negated = text.startswith("!")
    texts = text.removeprefix("!").split(",")
    left = f"json_extract(body, '$.{name}')"
    plain = [value for value in texts if "*" not in value]
    patterns = [_glob(value) for value in texts if "*" in value]
    alternatives = [Condition(f"{left} GLOB ?", (pattern,)) for pattern in patterns]
    if plain:
        alternatives.append(equals_any(left, plain))
    sql = " OR ".join(item.sql for item in alternatives)
    parameters = tuple(value for item in alternatives for value in item.parameters)
    return Condition(f"({left} IS NULL OR NOT ({sql}))" if negated else f"({sql})", parameters)


def _glob(text: str) -> str:
    """Return the SQLite GLOB pattern of a value with wildcards."""
    parts = [part.replace("[", "[[]").replace("?", "[?]") for part in text.split("**")]
    return "[*]".join(parts)


def _property(text: str) -> Condition:
    match = _PROPERTY.match(text)
    if match is None or (match[1] and match[3]) or any(len(part) > LONGEST_KEY for part in match[2].split(".")):
        raise bad_request(f"The filter property={text} is not valid.")
    missing, name, operator, value = match.groups()
    step = [Step(part) for part in name.split(".")]
    if operator is None:
        return on_path("body", step, lambda left: Condition(f"{left} IS {'' if missing else 'NOT '}NULL"))
    if operator in RELATIONS:
        test = version_relation if name == "version" else relation
        return on_path("body", step, lambda left: test(left, operator, value))
    if operator == "~":
        # The published examples are anchored prefixes; a full regular expression could be made to run forever.
        prefix = value.removeprefix("^")
        return on_path("body", step, lambda left: Condition(f"substr({left}, 1, ?) = ?", (len(prefix), prefix)))
    if operator == "==":
        if "*" in value:
            return on_path("body", step, lambda left: Condition(f"{left} GLOB ?", (_glob(value),)))
        return on_path("body", step, lambda left: equals_any(left, [value]))
    return on_path("body", step, lambda left: differs_from_all(left, [value]))


def _tag(text: str) -> Condition:
    """`key:value`, where the value may hold `*`; both sides may hold slashes, as tag names do."""
    key, _, value = text.partition(":")
    pattern = _glob(value or "*").replace(" ", "")
    found = "replace(item.value, ' ', '') GLOB ?"
    in_list = f"EXISTS (SELECT 1 FROM json_each(tag.value) AS item WHERE {found})"
    in_text = "replace(tag.value, ' ', '') GLOB ?"
    inside = f"CASE tag.type WHEN 'array' THEN {in_list} ELSE {in_text} END"
    sql = f"EXISTS (SELECT 1 FROM json_each(body, '$.tags') AS tag WHERE tag.key = ? AND {inside})"
    return Condition(sql, (key, pattern, pattern))


def _order(text: str) -> str:
    terms = []
    for part in [item for item in text.split(",") if item][:5]:
        direction, _, name = part.rpartition(":")
        if direction not in ("", "asc", "desc") or not _NAME.match(name):
            raise bad_request(f"The order {part} is not valid.")
        terms.append(f"json_extract(body, '$.{name}') {direction.upper()}")
    return ", ".join([*terms, "seq"])

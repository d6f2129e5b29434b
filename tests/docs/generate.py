"""Fills in the generated parts of the reference, and writes the pages of connectors: `python tests/docs/generate.py`.

A page marks them with `<!-- generated: NAME -->` and `<!-- end -->`; everything else in it is written by hand.
"""

import importlib
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

import click
from llms import LLMS, llms_text
from permissions import permission_rows, request_rows

from flowctl.cli.command_table import flowctl
from flowctl.cli.detailed_option import DetailedOption
from flowctl.cli.help import NETWORK, Command
from flowctl.cli.joined_option import JoinedOption
from flowctl.dataprep.signatures import signatures
from flowctl.kinds.evolution_rules import RULES as SCHEMA_RULES
from flowctl.manifest.checks.mapping_rules import RULES
from flowctl.model.codes import AREAS, CODES
from flowctl.model.codes.code import Area, DiagnosticCode
from flowctl.model.diagnostic import Severity
from flowctl.specs import reference

ROOT = Path(__file__).resolve().parents[2]
_PART = re.compile(r"(<!-- generated: (?P<name>[\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_NAVIGATION = re.compile(r"(# generated: connectors\n).*?( *# end)", re.DOTALL)
SITE = ROOT / "mkdocs.yml"
_GLOBAL = {parameter.name for parameter in flowctl.params}
_NETWORK = frozenset(NETWORK)

_PROPER = {"Adobe", "Experience", "Java", "YAML"}
"""Words that keep their capital inside a sentence."""


def filled_in(text: str) -> str:
    """A page with its generated parts as they should be."""
    return _PART.sub(lambda part: f"{part[1]}\n{PARTS[part['name']]().strip()}\n\n{part[3]}", text)


def site_settings() -> str:
    """The settings of the site, with the pages of connectors in their place of the navigation."""
    lines = [f"      - {reference.LIST}"]
    for category, places in reference.navigation().items():
        lines += [f"      - {category}:", *(f"          - {place}" for place in places)]
    text = "\n".join(lines)
    return _NAVIGATION.sub(lambda part: f"{part[1]}{text}\n{part[2]}", SITE.read_text(encoding="utf-8"))


def generated_pages() -> list[Path]:
    """The pages that have generated parts."""
    return [page for page in sorted((ROOT / "docs").rglob("*.md")) if _PART.search(page.read_text(encoding="utf-8"))]


def commands(group: click.Group = flowctl, path: str = "flowctl") -> Iterator[tuple[str, click.Command]]:
    """Every command with its full name, in the order of the help."""
    context = click.Context(group, info_name=path)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def _global_options() -> str:
    return _options(flowctl.params)


def _network_options() -> str:
    plan = importlib.import_module("flowctl.cli.commands.plan").command
    return _options([parameter for parameter in plan.params if parameter.name in _NETWORK])


def _commands() -> str:
    return "\n\n".join(_command(path, command) for path, command in commands())


def _command(path: str, command: click.Command) -> str:
    context = click.Context(command, info_name=path)
    usage = " ".join(piece for piece in command.collect_usage_pieces(context) if piece != "[OPTIONS]")
    own = [parameter for parameter in command.params if parameter.name not in _GLOBAL | _NETWORK]
    options = [parameter for parameter in own if isinstance(parameter, click.Option)]
    parts = [f"### `{path}`", f"```\n{path} {usage}".rstrip() + "\n```", " ".join((command.help or "").split())]
    if options:
        parts.append(_options(options))
    if isinstance(command, Command) and command.examples:
        parts.append("\n".join(("```text", *command.examples, "```")))
    if any(parameter.name in _NETWORK for parameter in command.params):
        parts.append("Also accepts the [network options](#network-options).")
    return "\n\n".join(parts)


def _options(options: list[click.Parameter]) -> str:
    rows = ["| Option | Meaning |", "|---|---|"]
    for option in options:
        if isinstance(option, click.Option):
            names = ", ".join(f"`{name}`" for name in sorted(option.opts, key=len))
            value = "" if option.is_flag or option.count else f" `{_value(option)}`"
            if isinstance(option, JoinedOption):
                value = f", `{option.opts[0]}={_value(option)}`"
            detail = f" {option.detail}" if isinstance(option, DetailedOption) else ""
            rows.append(f"| {names}{value} | {_cell(f'{option.help}{detail}')} |")
    return "\n".join(rows)


def _value(option: click.Option) -> str:
    if isinstance(option.type, click.Choice):
        return "\\|".join(option.type.choices)
    return _cell(option.metavar or str(option.name).upper())


MANIFEST_KINDS = (
    *("Pipeline", "Connection", "Schema", "FieldGroup", "DataType", "Class", "Namespace", "Dataset"),
    *("MappingTest", "Policy", "PolicyTest", "Import"),
)


def _manifest_keys() -> str:
    parts = []
    for kind in MANIFEST_KINDS:
        schema = _schema(kind.lower())
        parts += [f"## {kind}", schema["description"], _keys(schema)]
        parts += [_example(example) for example in schema.get("examples", ())[:1]]
    return "\n\n".join(parts)


def _workspace_keys() -> str:
    return _keys(_schema("workspace"))


def _plan_keys() -> str:
    return _keys(_schema("plan"))


def _diagnostic_keys() -> str:
    return _keys(_schema("plan")["$defs"]["diagnostic"])


def _lockfile_keys() -> str:
    schema = _schema("lockfile")
    entry, intent = schema["$defs"]["entry"], schema["$defs"]["intent"]
    return "\n\n".join(
        (_keys(schema), "An entry:", _keys(entry), "A pending write:", _keys(intent)),
    )


def _mapping_functions() -> str:
    parts: list[str] = []
    for category, functions in groupby(signatures().values(), key=lambda signature: signature.category):
        rows = ["| Function | Result | What it does |", "|---|---|---|"]
        for found in functions:
            reason = f" Not evaluated offline: {found.not_evaluated}." if found.not_evaluated else ""
            rows.append(f"| `{found.written()}` | {found.returns} | {_cell(found.description + reason)} |")
        parts += [f"### {category}", "\n".join(rows)]
    return "\n\n".join(parts)


def _mapping_rules() -> str:
    rows = ["| Rule | Default | Finds |", "|---|---|---|"]
    rows += [
        f"| [`{code}`](diagnostics.md#{code}) | {rule.severity.value} | {CODES[code].title} |"
        for code, rule in RULES.items()
    ]
    return "\n".join(rows)


def _diagnostic_codes() -> str:
    return "\n\n".join(f"## {area.title}\n\n{_code_table(area)}" for area in AREAS)


def _code_table(area: Area) -> str:
    rows = ["| Code | Meaning | What to do |", "|---|---|---|"]
    rows += [f'| <a id="{row.code}"></a>`{row.code}` | {_code_meaning(row)} | {row.cure} |' for row in area.codes]
    return "\n".join(rows)


def _code_meaning(row: DiagnosticCode) -> str:
    """The meaning; that a code is always a warning stands before it."""
    if Severity.ERROR in row.severities:
        return row.meaning
    first = row.meaning.partition(" ")[0]
    begin = first if first in _PROPER else first[:1].lower() + first[1:]
    return f"Warning: {begin}{row.meaning.removeprefix(first)}"


def _schema(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))
    return schema


def _keys(schema: Mapping[str, Any]) -> str:
    rows = ["| Key | Type | Meaning |", "|---|---|---|"]
    rows += [f"| {name} | {kind} | {meaning} |" for name, kind, meaning in _rows(schema, "")]
    return "\n".join(rows)


def _rows(schema: Mapping[str, Any], path: str) -> Iterator[tuple[str, str, str]]:
    for key, member in (schema.get("properties") or {}).items():
        place = f"{path}{key}"
        bold = "**" if key in (schema.get("required") or ()) else ""
        yield f"{bold}`{place}`{bold}", _cell(_type(member)), _cell(_meaning(member))
        yield from _inner(member, place)


def _inner(member: Mapping[str, Any], place: str) -> Iterator[tuple[str, str, str]]:
    yield from _rows(member, f"{place}.")
    if isinstance(member.get("items"), Mapping):
        yield from _rows(member["items"], f"{place}[].")
    if isinstance(member.get("additionalProperties"), Mapping):
        yield from _rows(member["additionalProperties"], f"{place}.NAME.")
    seen: set[str] = set()
    for choice in (*member.get("oneOf", ()), *member.get("anyOf", ())):
        for name, kind, meaning in _rows({**choice, "required": ()}, f"{place}."):
            if name not in seen:
                seen.add(name)
                yield name, kind, meaning


def _type(member: Mapping[str, Any]) -> str:
    if "const" in member:
        return f"`{json.dumps(member['const'])}`" if not isinstance(member["const"], str) else f"`{member['const']}`"
    if "enum" in member:
        return ", ".join(f"`{value}`" for value in member["enum"])
    if "$ref" in member:
        return str(member["$ref"]).rpartition("/")[2]
    choices = (*member.get("oneOf", ()), *member.get("anyOf", ()))
    if choices and "type" not in member:
        return " or ".join(dict.fromkeys(_type(choice) for choice in choices))
    kind = member.get("type", "any")
    if isinstance(kind, list):
        return " or ".join(kind)
    items = member.get("items")
    return f"array of {_type(items)}" if kind == "array" and isinstance(items, Mapping) else str(kind)


def _meaning(member: Mapping[str, Any]) -> str:
    text = str(member.get("description", ""))
    for key, words in (("minimum", "At least"), ("exclusiveMinimum", "More than"), ("maximum", "At most")):
        if key in member and f"{member[key]}" not in text:
            text += f" {words} {member[key]}."
    return text


def _example(example: Any) -> str:
    import yaml

    written = yaml.safe_dump(example, sort_keys=False, allow_unicode=True, width=110)
    return f"```yaml\n{written}```"


def _cell(text: str) -> str:
    """Text inside a table cell; `${...}` and such stand as code."""
    text = re.sub(r"(?<!`)(\$\$?\{[^}]*\}?)", r"`\1`", text)
    return re.sub(r"(?<!\\)\|", "\\|", text.replace("\n", " "))


def _schema_rules() -> str:
    """What may change before and after a dataset uses a schema."""
    rows = ["| Rule | Change | Before a dataset exists | After | Way out |", "|---|---|---|---|---|"]
    rows += [f"| `{rule.name}` | {rule.change} | {rule.before} | {rule.after} | {rule.cure} |" for rule in SCHEMA_RULES]
    return "\n".join(rows)


PARTS: dict[str, Callable[[], str]] = {
    "global-options": _global_options,
    "network-options": _network_options,
    "commands": _commands,
    "manifest-keys": _manifest_keys,
    "workspace-keys": _workspace_keys,
    "plan-keys": _plan_keys,
    "diagnostic-keys": _diagnostic_keys,
    "diagnostic-codes": _diagnostic_codes,
    "lockfile-keys": _lockfile_keys,
    "mapping-functions": _mapping_functions,
    "mapping-rules": _mapping_rules,
    "schema-rules": _schema_rules,
    "permissions": permission_rows,
    "requests": request_rows,
}


if __name__ == "__main__":
    reference.write(ROOT / "docs")
    SITE.write_text(site_settings(), encoding="utf-8")
    for page in generated_pages():
        page.write_text(filled_in(page.read_text(encoding="utf-8")), encoding="utf-8")
        sys.stdout.write(f"{page.relative_to(ROOT)}\n")
    LLMS.write_text(llms_text(), encoding="utf-8")
    sys.stdout.write(f"{LLMS.relative_to(ROOT)}\n")

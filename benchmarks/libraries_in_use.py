"""What libraries do with the project's schemas, manifests and names, and with the test suites of their standards."""

import copy
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from io import StringIO
from pathlib import Path
from time import process_time
from typing import Any

import yaml

_ROOT = Path(__file__).parent.parent
_KINDS = ("connection", "schema", "dataset", "pipeline")
_DRAFTS = {"draft7": "Draft7Validator", "draft2020-12": "Draft202012Validator"}
_ROUNDS = 50
_NEW = "flowctl/v2"

IsValid = Callable[[Any], bool]
Compile = Callable[[Any, str], IsValid]
"""A schema and the name of its draft to the function that says yes or no."""


def _by_hand(schema: Any, _draft: str) -> IsValid:
    from flowctl.validation.compile import compiled

    return compiled(schema)


def _jsonschema(schema: Any, draft: str) -> IsValid:
    is_valid: IsValid = getattr(import_module("jsonschema"), _DRAFTS[draft])(schema).is_valid
    return is_valid


def _jsonschema_rs(schema: Any, draft: str) -> IsValid:
    is_valid: IsValid = getattr(import_module("jsonschema_rs"), _DRAFTS[draft])(schema).is_valid
    return is_valid


def _fastjsonschema(schema: Any, _draft: str) -> IsValid:
    library = import_module("fastjsonschema")
    # The published schemas name a draft that it does not know; they use nothing that draft-07 lacks.
    named = {**schema, "$schema": "http://json-schema.org/draft-07/schema"} if isinstance(schema, dict) else schema
    validate = library.compile(named)

    def is_valid(value: Any) -> bool:
        try:
            validate(value)
        except library.JsonSchemaValueException:
            return False
        return True

    return is_valid


_VALIDATORS: dict[str, Compile] = {
    "by hand": _by_hand,
    "jsonschema": _jsonschema,
    "fastjsonschema": _fastjsonschema,
    "jsonschema_rs": _jsonschema_rs,
}


def schemas(suite: Path | None) -> Iterator[str]:
    """The time to compile the published schemas and to check a manifest, and the verdicts on the suite."""
    published = {kind: json.loads((_ROOT / f"schemas/{kind}.schema.json").read_text("utf-8")) for kind in _KINDS}
    manifests = [(str(each["kind"]).lower(), each) for text in _texts() for each in yaml.safe_load_all(text)]
    known = [(kind, json.loads(json.dumps(each, default=str))) for kind, each in manifests if kind in published]
    for name, compile_schema in _VALIDATORS.items():
        try:
            began = process_time()
            checks = {kind: compile_schema(schema, "draft2020-12") for kind, schema in published.items()}
        except ModuleNotFoundError:
            yield f"{name:16}not installed"
            continue
        compiled = process_time() - began
        began = process_time()
        for _ in range(_ROUNDS):
            accepted = sum(checks[kind](each) for kind, each in known)
        each = (process_time() - began) / _ROUNDS / len(known)
        times = f"{compiled * 1e3:6.1f} ms to compile, {each * 1e6:6.1f} µs a manifest"
        yield f"{name:16}{times}, {accepted} of {len(known)} valid"
        if suite:
            yield from (f"{'':16}{draft}: {_verdicts(suite / draft, compile_schema, draft)}" for draft in _DRAFTS)


def _verdicts(folder: Path, compile_schema: Compile, draft: str) -> str:
    counts: Counter[str] = Counter()
    for file in sorted(folder.glob("*.json")):
        for case in json.loads(file.read_text("utf-8")):
            counts.update(_verdict(compile_schema, case["schema"], draft, test) for test in case["tests"])
    return ", ".join(f"{counts[word]} {word}" for word in ("right", "wrong", "refused"))


def _verdict(compile_schema: Compile, schema: Any, draft: str, test: dict[str, Any]) -> str:
    try:
        is_valid = compile_schema(schema, draft)
    except Exception:  # each library has its own errors for a schema that it does not take
        return "refused"
    try:
        return "right" if is_valid(test["data"]) == test["valid"] else "wrong"
    except Exception:
        return "wrong"


def yaml_reading() -> Iterator[str]:
    """The time to read the manifests without and with what an editor of them has to keep."""
    texts = list(_texts())
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    yield _timed("yaml", lambda: [list(yaml.load_all(text, Loader=loader)) for text in texts])
    try:
        editor = import_module("ruamel.yaml").YAML()
    except ModuleNotFoundError:
        yield "ruamel.yaml     not installed"
        return
    yield _timed("ruamel.yaml", lambda: [list(editor.load_all(text)) for text in texts])


def yaml_editing() -> Iterator[str]:
    """The time to change the API version of each manifest, and in how many files other lines change with it."""
    from flowctl.text.edit import Edit, edited

    texts = list(_texts())

    def by_hand(text: str) -> str:
        for number in range(len(list(yaml.compose_all(text)))):
            text = edited(text, number, [Edit(path=("apiVersion",), value=_NEW)])
        return text

    yield f"{_timed('by hand', lambda: [by_hand(text) for text in texts])}, {_disturbed(texts, by_hand)}"
    try:
        editor = import_module("ruamel.yaml").YAML()
    except ModuleNotFoundError:
        yield "ruamel.yaml     not installed"
        return
    editor.preserve_quotes, editor.width = True, 4096

    def by_library(text: str) -> str:
        documents = list(editor.load_all(text))
        for each in documents:
            each["apiVersion"] = _NEW
        written = StringIO()
        editor.dump_all(documents, written)
        return written.getvalue()

    yield f"{_timed('ruamel.yaml', lambda: [by_library(text) for text in texts])}, {_disturbed(texts, by_library)}"


def _disturbed(texts: list[str], edit: Callable[[str], str]) -> str:
    """In how many files an edit changes more than the value."""
    wanted = [re.sub(r"(?m)^apiVersion: .*$", f"apiVersion: {_NEW}", text) for text in texts]
    count = sum(edit(text) != one for text, one in zip(texts, wanted, strict=True))
    return f"other lines change in {count} of {len(texts)} files"


def tables() -> Iterator[str]:
    """The time to lay out a table with a column of words, which are wrapped."""
    from flowctl.views.columns import Column, table_lines
    from flowctl.views.width import Width

    heads = ("pipeline", "status", "records", "why")
    rows = [
        (f"pipeline-{number:03}", "failed", str(number * 1000), "the source refused it " * 4) for number in range(200)
    ]
    columns = [Column(head, right=head == "records", wraps=head == "why") for head in heads]
    width = Width(columns=100, wraps=True)
    yield _timed("by hand", lambda: list(table_lines(columns, [(row, "") for row in rows], width)))
    yield _timed("rich", lambda: _rich_table(heads, rows))
    try:
        tabulate = import_module("tabulate").tabulate
    except ModuleNotFoundError:
        yield "tabulate        not installed"
        return
    yield _timed("tabulate", lambda: tabulate(rows, heads, tablefmt="plain", maxcolwidths=[None, None, None, 50]))


def _rich_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None)
    for head in heads:
        table.add_column(head, justify="right" if head == "records" else "left", no_wrap=head != "why")
    for row in rows:
        table.add_row(*row)
    written = StringIO()
    console = Console(width=100, file=written)
    console.print(table)
    return written.getvalue()


def near_names() -> Iterator[str]:
    """The time to find the name that a mistyped one is near."""
    from difflib import get_close_matches

    names = [f"{kind}-{number}" for kind in ("hubspot-contacts", "s3-orders", "crm-profile") for number in range(167)]
    yield _timed("difflib", lambda: get_close_matches("hubspot-contatcs-99", names, n=1))
    try:
        process = import_module("rapidfuzz.process")
    except ModuleNotFoundError:
        yield "rapidfuzz       not installed"
        return
    yield _timed("rapidfuzz", lambda: process.extractOne("hubspot-contatcs-99", names))


def patches(suite: Path) -> Iterator[str]:
    """The verdicts of jsonpatch, as the emulator uses it."""
    from flowctl.emulator.json_patch import PatchError, apply

    counts: Counter[str] = Counter()
    for name in ("tests.json", "spec_tests.json"):
        for case in json.loads((suite / name).read_text("utf-8")):
            if case.get("disabled") or "patch" not in case:
                continue
            try:
                result = apply(copy.deepcopy(case["doc"]), case["patch"])
            except PatchError:
                counts["right" if "error" in case else "wrong"] += 1
            else:
                counts["right" if "error" not in case and result == case.get("expected", result) else "wrong"] += 1
    yield f"jsonpatch       {counts['right']} right, {counts['wrong']} wrong"


def _timed(name: str, work: Callable[[], object]) -> str:
    work()
    began = process_time()
    for _ in range(_ROUNDS):
        work()
    return f"{name:16}{(process_time() - began) / _ROUNDS * 1e3:6.2f} ms"


def _texts() -> Iterator[str]:
    for file in sorted((_ROOT / "examples").rglob("*.yaml")):
        yield file.read_text("utf-8")

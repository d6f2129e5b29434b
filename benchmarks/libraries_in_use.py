"""What libraries do with the project's schemas, manifests and names, and with the test suites of their standards."""

import copy
import json
from collections import Counter
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from time import process_time
from typing import Any

import yaml

_ROOT = Path(__file__).parent.parent
_KINDS = ("connection", "schema", "dataset", "pipeline")
_DRAFTS = {"draft7": "Draft7Validator", "draft2020-12": "Draft202012Validator"}
_ROUNDS = 50

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

# ruff: noqa: E501 - tables read better in long lines
"""Whatever stands in a file that flowctl reads, a command works or tells a diagnostic that names the file."""

import contextlib
import hashlib
import io
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from surroundings import DEV, EXAMPLES, SCHEMAS

from flowctl import emulator
from flowctl.cli.main import main
from flowctl.manifest.reading import cache

LOCK, JOURNAL, PLAN, SCENARIO = "flowctl.dev.lock", "flowctl.dev.lock.journal", "plan.json", "scenario.json"
MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.just(10**400), st.just(-1), st.floats(), st.text(max_size=8),
    st.sampled_from(["\ud800", "\x00", "\x1b[31m", "a.flow", "../x", "", "x" * 300, "${env:X}"]),
    st.lists(st.one_of(st.none(), st.integers(), st.text(max_size=3)), max_size=3),
    st.dictionaries(st.text(max_size=5), st.one_of(st.none(), st.integers(), st.text(max_size=3)), max_size=3),
)  # fmt: skip
TEXTS = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from([b"", b"[" * 50_000, b'{"a":' * 50_000, b"\xef\xbb\xbf{}", b"{}\r\n", b"null", b"1e999", b"NaN",
                     b"1" * 5000, b'"\\ud800"', b'{"a": 1, "a": 2}', b"\x00" * 100, "{}".encode("utf-16")]),
)  # fmt: skip


class Place:
    """A workspace in which everything is applied, and what stands in its files."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.good = {name: (root / name).read_bytes() for name in (LOCK, PLAN, JOURNAL)}
        (root / JOURNAL).unlink()

    def run(self, *arguments: str) -> tuple[int, str]:
        """Run a command line; fail on every trace."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(["-C", str(self.root), *arguments])
        said = out.getvalue() + err.getvalue()
        assert "Traceback" not in said, said
        assert "internal-error" not in said, said
        return code, said

    def tells(self, name: str, data: bytes, *arguments: str) -> None:
        """With these bytes in a file, a command works, or names the file."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        try:
            code, said = self.run(*arguments)
        finally:
            for kept in (LOCK, PLAN):
                (self.root / kept).write_bytes(self.good[kept])
            (self.root / JOURNAL).unlink(missing_ok=True)
        assert code in (0, 1, 2, 3), said
        assert code != 1 or path.name in said or "[" in said, said


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    root = tmp_path_factory.mktemp("fuzz") / "workspace"
    shutil.copytree(EXAMPLES, root, ignore=shutil.ignore_patterns(".flowctl", "*.lock*"))
    with emulator.start(specs_dir=SCHEMAS) as running:
        (root / "flowctl.yaml").write_text(DEV.format(url=running.url))
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            assert main(["-C", str(root), "apply", "--auto-approve"]) == 0
            pipeline = root / "pipelines" / "hubspot-contacts.yaml"
            pipeline.write_text(pipeline.read_text().replace("title: HubSpot dataflow", "title: Renamed"))
            assert main(["-C", str(root), "plan", "--out", str(root / PLAN)]) == 0
        (root / JOURNAL).write_text(_journal(json.loads((root / LOCK).read_text())))
        yield Place(root)


def _journal(lockfile: dict[str, Any]) -> str:
    """A journal of every event that continues a lockfile."""
    head = {name: lockfile[name] for name in ("lineage", "salt", "serial", "organization", "sandbox")}
    address, entry = next(iter(lockfile["entries"].items()))
    intent = {
        "address": "new.flow",
        "operation": "create",
        "at": 1,
        "entry": {"kind": "flow", "applied": {"name": "x"}},
    }
    events = [
        {"event": "begin", "version": 1, **head},
        {"event": "intent", "nonce": "ab" * 16, **intent},
        {"event": "entry", "address": address, "entry": entry},
        {"event": "settled", "nonce": "ab" * 16},
        {"event": "buried", "address": address, "id": "old"},
        {"event": "gone", "address": "never.flow"},
    ]
    return "".join(json.dumps(event) + "\n" for event in events)


def changed(document: Any, data: st.DataObject) -> Any:
    """A document in which a few members, wherever they are, have another value, another name, or are gone."""
    document = json.loads(json.dumps(document))
    for _ in range(data.draw(st.integers(1, 2))):
        holder, steps = document, data.draw(st.integers(0, 7))
        for _ in range(steps):
            below = holder[_key(holder, data)] if holder else None
            if not isinstance(below, dict | list) or not below:
                break
            holder = below
        if not isinstance(holder, dict | list) or not holder:
            continue
        key = _key(holder, data)
        how = data.draw(st.sampled_from(["value", "value", "value", "gone", "name"]))
        if how == "value":
            holder[key] = data.draw(ODD)
        elif how == "name" and isinstance(holder, dict):
            holder[data.draw(st.text(max_size=5))] = holder.pop(key)
        else:
            del holder[key]
    return document


def _key(holder: Any, data: st.DataObject) -> Any:
    return (
        data.draw(st.sampled_from(sorted(holder)))
        if isinstance(holder, dict)
        else data.draw(st.integers(0, len(holder) - 1))
    )


READS = st.sampled_from([("plan",), ("state", "list"), ("show",), ("state", "mv", "hubspot", "other"), ("destroy",),
                         ("state", "show", "hubspot-contacts.flow"), ("apply",)])  # fmt: skip


@MANY
@given(data=st.data())
def test_a_changed_lockfile(place: Place, data: st.DataObject) -> None:
    document = changed(json.loads(place.good[LOCK]), data)
    place.tells(LOCK, json.dumps(document).encode(), *data.draw(READS))


@MANY
@given(text=TEXTS, command=READS)
def test_any_lockfile(place: Place, text: bytes, command: tuple[str, ...]) -> None:
    place.tells(LOCK, text, *command)


@MANY
@given(data=st.data())
def test_a_changed_journal(place: Place, data: st.DataObject) -> None:
    lines = [json.loads(line) for line in place.good[JOURNAL].splitlines()]
    number = data.draw(st.integers(0, len(lines) - 1))
    lines[number] = changed(lines[number], data)
    text = "".join(json.dumps(line) + "\n" for line in lines)
    place.tells(JOURNAL, text.encode(), *data.draw(READS))


@FEW
@given(text=TEXTS, command=READS, before=st.booleans())
def test_any_journal(place: Place, text: bytes, command: tuple[str, ...], before: bool) -> None:
    place.tells(JOURNAL, (place.good[JOURNAL] if before else b"") + text + b"\n", *command)


@MANY
@given(data=st.data())
def test_a_changed_plan_file(place: Place, data: st.DataObject) -> None:
    document = json.loads(place.good[PLAN])
    document = data.draw(st.sampled_from([document, {**document, "serial": document["serial"] + 1}]))
    place.tells(
        PLAN,
        json.dumps(changed(document, data)).encode(),
        "-e",
        "dev",
        "apply",
        str(place.root / PLAN),
        "--max-delete",
        "0",
    )


@FEW
@given(text=TEXTS)
def test_any_plan_file(place: Place, text: bytes) -> None:
    place.tells(PLAN, text, "apply", str(place.root / PLAN))
    place.tells(PLAN, text, "plan", "--out", str(place.root / PLAN))


@FEW
@given(text=TEXTS)
def test_any_scenario(place: Place, text: bytes) -> None:
    place.tells(SCENARIO, text, "emulator", "seed", "--url", "http://127.0.0.1:9", str(place.root / SCENARIO))


@MANY
@given(data=st.data())
def test_a_changed_scenario(place: Place, data: st.DataObject) -> None:
    url = (place.root / "flowctl.yaml").read_text().partition("endpoint: ")[2].split()[0]
    scenario = {
        "settings": {"secrets": "mask"},
        "requests": [{"as": "a", "path": "/data/foundation/flowservice/flows", "method": "GET", "headers": {"a": "b"}},
                     {"path": "/x/${a.items}", "body": {"id": "${a}"}, "headers": {"x-sandbox-name": "dev"}}],
        "organizations": [{"id": "X@AdobeOrg", "tenant": "x", "sandboxes": [{"name": "dev"}]}],
        "runs": [{"flowId": "x"}],
    }  # fmt: skip
    text = json.dumps(changed(scenario, data)).encode()
    place.tells(SCENARIO, text, "emulator", "seed", "--url", url, str(place.root / SCENARIO))


@MANY
@given(data=st.data())
def test_a_changed_workspace_file(place: Place, data: st.DataObject) -> None:
    good = (place.root / "flowctl.yaml").read_text()
    workspace = {
        "apiVersion": "flowctl/v1", "kind": "Workspace", "manifests": ["connections", "pipelines"], "maxDelete": 5,
        "defaultEnvironment": "dev",
        "environments": {"dev": {"endpoint": "http://127.0.0.1:9", "organization": "${env:O}", "sandbox": "dev",
                                 "auth": {"tokenUrl": "http://127.0.0.1:9/t", "clientId": "a", "clientSecret": "${env:S}",
                                          "scopes": ["a"]}, "variables": {"a": 1, "b": "${env:C}"}}},
    }  # fmt: skip
    text = json.dumps(changed(workspace, data))
    command = data.draw(st.sampled_from([("validate",), ("plan", "--retry-budget", "0"), ("state", "list"), ("show",)]))
    try:
        place.tells("flowctl.yaml", text.encode(), *command)
    finally:
        (place.root / "flowctl.yaml").write_text(good)


@FEW
@given(text=TEXTS)
def test_any_workspace_file(place: Place, text: bytes) -> None:
    good = (place.root / "flowctl.yaml").read_text()
    try:
        place.tells("flowctl.yaml", text, "validate")
    finally:
        (place.root / "flowctl.yaml").write_text(good)


@FEW
@given(content=st.one_of(ODD, st.dictionaries(st.sampled_from(["DIGEST", "x"]), ODD, max_size=2)), whole=st.booleans())
def test_any_cache(place: Place, content: Any, whole: bool) -> None:
    """Also one whose head is right, as another program might write it."""
    one = place.root / "pipelines" / "hubspot-contacts.yaml"
    digest = hashlib.sha256(one.read_bytes()).hexdigest()
    if isinstance(content, dict):
        content = {digest if key == "DIGEST" else key: value for key, value in content.items()}
    files = json.dumps(content).encode()
    text = (cache._head(files).encode() + b"\n" if whole else b"") + files
    home = place.root.parent / "cache"
    name = hashlib.sha256(os.fsencode(os.path.realpath(place.root))).hexdigest()[:32]
    file = home / "flowctl" / "manifests" / f"{name}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(home))
        code, said = place.run("validate")
    assert code == 0, said


@pytest.fixture(scope="module")
def filled(place: Place) -> bytes:
    """The database of an emulator with everything in it, all of it in one file."""
    place.run("-e", "local", "apply", "--auto-approve", *_VARIABLES)
    file = place.root / ".flowctl" / "local" / "platform.sqlite3"
    with contextlib.closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file.read_bytes()


_VARIABLES = [
    word
    for name in ("hubspotClientSecret", "hubspotAccessToken", "shopifyAccessToken", "s3SecretKey",
                 "postgresConnectionString", "restPassword")
    for word in ("--var", f"{name}=x")
]  # fmt: skip


@MANY
@given(data=st.data())
def test_any_damage_to_the_emulators_data(place: Place, filled: bytes, data: st.DataObject) -> None:
    damaged = bytearray(filled)
    how: Callable[[], object] = data.draw(st.sampled_from([_cut, _flip, _fill, _page]))(damaged, data)
    assert how is None
    file = place.root / ".flowctl" / "local" / "platform.sqlite3"
    for each in file.parent.iterdir():
        each.unlink()
    file.write_bytes(bytes(damaged))
    code, said = place.run("-e", "local", "plan", "--retry-budget", "0", *_VARIABLES)
    assert code in (0, 1), said
    assert code == 0 or "platform.sqlite3" in said or "flowctl emulator reset" in said or "[" in said, said
    if "[emulator-data]" in said:
        assert place.run("emulator", "reset", "--auto-approve")[0] == 0


def _cut(damaged: bytearray, data: st.DataObject) -> None:
    del damaged[data.draw(st.integers(0, len(damaged) - 1)) :]


def _flip(damaged: bytearray, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 50))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))


def _fill(damaged: bytearray, data: st.DataObject) -> None:
    damaged[:] = data.draw(st.binary(max_size=5000))


def _page(damaged: bytearray, data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(damaged) // 4096 - 1))
    damaged[number * 4096 : (number + 1) * 4096] = data.draw(st.binary(min_size=1, max_size=64)).ljust(4096, b"\xff")

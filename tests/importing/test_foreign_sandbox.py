"""A sandbox that other clients made is imported exactly, and without a write or a secret."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from foreign_sandbox import expectations, play
from surroundings import SCHEMAS, Platform, Workspace

EXPECTED = expectations()
_KEYS = json.loads((SCHEMAS / "pipeline.schema.json").read_text(encoding="utf-8"))["properties"]
DESCRIBED_DRAFTS = {"f_draft2"} if "state" in _KEYS else set()
"""A draft that is complete can be described as soon as a manifest may say that it is one."""


def _texts(root: Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(root.rglob("*")) if path.is_file())


@pytest.mark.parametrize("secrets", ["mask", "echo", "drop"])
def test_a_foreign_sandbox_is_imported(empty: Workspace, platform: Platform, secrets: str) -> None:
    platform.http.post("/_emulator/settings", json={"secrets": secrets}).raise_for_status()
    ids = play(platform)
    platform.clear_log()
    shown = empty.run("import", "--all", "--format", "json")
    assert shown.code == 1, shown.err
    found = shown.json
    skipped = {each["id"] for each in found["skipped"]}
    assert skipped == {ids[name] for name in EXPECTED["notExpressible"] if name not in DESCRIBED_DRAFTS}
    written = [address for file in found["written"] for address in file["addresses"]]
    assert len(written) == len(set(written))
    kinds = [address.rpartition(".")[2] for address in written]
    assert kinds.count("flow") == len(EXPECTED["flows"]) - len(skipped)
    assert (kinds.count("connection"), kinds.count("dataset"), kinds.count("schema")) == (20, 6, 6)
    assert empty.plan().json["summary"] == _sums(imports=len(written))
    applied = empty.apply()
    assert empty.run("plan", "--detailed-exitcode").code == 0
    again = empty.run("import", "--allow-skipped", "--format", "json")
    assert (again.code, again.json["written"], again.json["bound"]) == (0, [], [])
    assert platform.writes() == []
    everything = _texts(empty.root) + shown.out + shown.err + applied.out + applied.err
    assert [secret for secret in EXPECTED["secretsNeverInManifestsOrOutput"] if secret in everything] == []


def _sums(*, imports: int) -> dict[str, int]:
    return {"create": 0, "update": 0, "replace": 0, "delete": 0, "import": imports, "noop": 0}


def _names(found: dict[str, Any], empty: Workspace, ids: dict[str, str]) -> dict[str, str]:
    """The name of each pipeline by the name under which its flow is saved."""
    imports = json.loads(empty.run("plan", "--format", "json").out)["changes"]
    addresses = {change["id"]: change["address"] for change in imports}
    return {
        name: addresses[ids[name]].partition(".")[0]
        for name in EXPECTED["flows"]
        if ids[name] not in {each["id"] for each in found["skipped"]}
    }


def test_names_are_made_of_titles_and_the_same_in_every_run(empty: Workspace, platform: Platform) -> None:
    ids = play(platform)
    first = empty.run("import", "--dry-run", "--format", "json").json
    assert [path.name for path in empty.root.iterdir()] == ["flowctl.yaml"]
    found = empty.run("import", "--format", "json").json
    assert found["written"] == first["written"]
    names = _names(found, empty, ids)
    for group in EXPECTED["names"]:
        given = [names[name] for name in group["flows"]]
        if "accept" in group:
            assert all(re.search(group["accept"], name) for name in given), (group, given)
        else:
            assert sorted(given) == sorted(group["expected"])
    assert all(len(name) <= 128 for name in names.values())


def test_what_nothing_uses_stays_out(empty: Workspace, platform: Platform) -> None:
    ids = play(platform)
    empty.run("import")
    texts = _texts(empty.root)
    unused = [name for names in EXPECTED["mustStayOut"].values() for name in names]
    assert unused
    assert [name for name in unused if ids[name] in texts] == []

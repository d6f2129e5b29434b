"""An import that is killed while it writes: the next one finds what is there and does the rest."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from surroundings import Platform, Workspace

from flowctl.state.local.store import LocalStore

FOLDERS = ("connections", "schemas", "datasets", "pipelines")


class _Killed(BaseException):
    """In place of a kill: nothing of flowctl's own handles it."""


@pytest.mark.parametrize("at", [1, 7, 12, 18])
def test_the_next_import_does_the_rest(
    examples: Workspace, platform: Platform, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    examples.apply()
    (examples.root / "flowctl.dev.lock").unlink()
    for folder in FOLDERS:
        shutil.rmtree(examples.root / folder)
        (examples.root / folder).mkdir()
    whole = [file["file"] for file in examples.run("import", "--dry-run", "--format", "json").json["written"]]
    assert len(whole) == 18
    link, reached = os.link, 0

    def linked(*arguments: Any, **options: Any) -> None:
        nonlocal reached
        reached += 1
        if reached == at:
            raise _Killed
        link(*arguments, **options)

    platform.clear_log()
    with monkeypatch.context() as patch:
        patch.setattr(os, "link", linked)
        with pytest.raises(_Killed):
            examples.run("import")
    assert _files(examples.root) == set(whole[: at - 1])
    assert examples.run("apply", "--auto-approve").code == 1
    assert platform.writes() == []
    assert examples.run("import").code == 0
    assert set(examples.plan().actions().values()) == {"import"}
    examples.apply()
    assert examples.run("plan", "--detailed-exitcode").code == 0
    assert platform.writes() == []


def _files(root: Path) -> set[str]:
    found = {path.relative_to(root).as_posix() for folder in FOLDERS for path in (root / folder).rglob("*.yaml")}
    return found | ({".env.example"} if (root / ".env.example").exists() else set())


@pytest.mark.parametrize(
    "effect",
    [{"status": 429, "headers": {"Retry-After": "0"}}, {"status": 503}, {"drop": "before"}, {"drop": "after"}],
    ids=["throttled", "unavailable", "closed before", "closed after"],
)
def test_a_read_that_fails_once_is_repeated(examples: Workspace, platform: Platform, effect: dict[str, Any]) -> None:
    examples.apply()
    (examples.root / "flowctl.dev.lock").unlink()
    for collection in ("flows", "targetConnections"):
        path = f"/data/foundation/flowservice/{collection}"
        platform.fault(match={"method": "GET", "path": path}, times=1, effect=effect)
    found = examples.run("import", "--format", "json")
    assert found.code == 0, found.err
    assert len(found.json["bound"]) == 31


def test_of_two_imports_at_once_one_is_refused(examples: Workspace) -> None:
    """Both would write a manifest of the same dataflow."""
    examples.apply()
    (examples.root / "flowctl.dev.lock").unlink()
    with LocalStore(examples.root, "dev").lock("another run"):
        refused = examples.run("import")
        assert (refused.code, "[run-locked]" in refused.err) == (1, True)
        assert examples.run("import", "--dry-run").code == 0
    assert examples.run("import").code == 0


def test_what_a_killed_import_was_writing_is_removed(examples: Workspace) -> None:
    examples.apply()
    (examples.root / "flowctl.dev.lock").unlink()
    shutil.rmtree(examples.root / "pipelines")
    examples.write("pipelines/.shop-customers.yaml.k1ll3d.new", "apiVersion: flowc")
    assert examples.run("import").code == 0
    assert [path.name for path in (examples.root / "pipelines").iterdir() if path.name.startswith(".")] == []

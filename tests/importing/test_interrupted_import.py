"""An import that is killed while it writes: the next one finds what is there and does the rest."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from surroundings import Platform, Workspace

from flowctl.state.local.store import LocalStore

FOLDERS = ("connections", "schemas", "datasets", "pipelines")


class _Killed(BaseException):
    """In place of a kill: nothing of flowctl's own handles it."""


def _empty(root: Path) -> None:
    for folder in FOLDERS:
        shutil.rmtree(root / folder, ignore_errors=True)
    for folder in FOLDERS:
        (root / folder).mkdir()
    (root / ".env.example").unlink(missing_ok=True)


def _texts(root: Path) -> dict[str, bytes]:
    return {name: (root / name).read_bytes() for name in _files(root)}


def test_the_next_import_does_the_rest(
    examples: Workspace, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before each file that it writes."""
    examples.begin_applied()
    (examples.root / "flowctl.dev.lock").unlink()
    _empty(examples.root)
    found = examples.run("import", "--format", "json").json
    whole = [file["file"] for file in found["written"]]
    texts = _texts(examples.root)
    assert (len(whole), len(texts)) == (18, 18)
    link = os.link
    for at in range(1, len(whole) + 1):
        _empty(examples.root)
        reached = 0

        def linked(*arguments: Any, at: int = at, **options: Any) -> None:
            nonlocal reached
            reached += 1
            if reached == at:
                raise _Killed
            link(*arguments, **options)

        with monkeypatch.context() as patch:
            patch.setattr(os, "link", linked)
            with pytest.raises(_Killed):
                examples.run("import")
        assert _files(examples.root) == set(whole[: at - 1])
        again = examples.run("import", "--format", "json")
        assert (again.code, again.json["summary"], again.json["diagnostics"]) == (0, {"import": 31}, [])
        assert _texts(examples.root) == texts
    assert set(examples.plan().actions().values()) == {"import"}
    examples.apply()
    assert examples.run("plan", "--detailed-exitcode").code == 0
    assert platform.writes() == []


def test_what_an_import_left_that_was_killed_beside_a_finished_file_is_removed(examples: Workspace) -> None:
    """It has two names for the same file then; what is only called like that stays."""
    examples.begin_applied()
    (examples.root / "flowctl.dev.lock").unlink()
    _empty(examples.root)
    whole = [file["file"] for file in examples.run("import", "--format", "json").json["written"]]
    for name in whole:
        path = examples.root / name
        os.link(path, path.with_name(f".{path.name}.k1ll3d01.new"))
    written, linked, of_others = (
        examples.root / "pipelines" / f".{name}.k1ll3d00.new" for name in ("notes", "mine", "shop-customers.yaml")
    )
    for path in (written, of_others):
        path.write_text("mine")
    (examples.root / "pipelines" / "..new").write_text("mine")
    shown = of_others.with_name(f"x{of_others.name[1:]}")
    os.link(examples.root / "pipelines" / "shop-customers.yaml", shown)
    (examples.root / "pipelines" / "mine").symlink_to(linked)
    linked.write_text("mine")
    for command in (("import", "--dry-run"), ("plan",)):
        assert examples.run(*command).code == 0
        assert len([*_new(examples.root)]) == len(whole) + 4
    again = examples.run("import", "--format", "json")
    assert (again.code, again.json["written"]) == (0, [])
    assert {*_new(examples.root)} == {written, linked, of_others, written.with_name("..new")}
    assert shown.exists()


def _new(root: Path) -> Iterator[Path]:
    """Hidden files that are called like what is only written for a while."""
    return root.rglob(".*.new")


def test_what_a_killed_import_left_is_not_created_again(
    examples: Workspace, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An apply right after it would duplicate the objects, and refuses."""
    examples.begin_applied()
    (examples.root / "flowctl.dev.lock").unlink()
    _empty(examples.root)

    def killed(source: str, *arguments: Any, **options: Any) -> None:
        if "imports" in str(arguments[0]):
            raise _Killed
        link(source, *arguments, **options)

    link = os.link
    with monkeypatch.context() as patch:
        patch.setattr(os, "link", killed)
        with pytest.raises(_Killed):
            examples.run("import")
    assert examples.run("apply", "--auto-approve").code == 1
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

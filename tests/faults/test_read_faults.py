"""Fault matrix of reads: `import` and `drift --accept` do the whole of it or nothing, and never send a write."""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from fault_cells import COLLECTIONS, FAULTS, limits, one_pipeline, outside_edit
from fault_proxy import NONE, Asked, Effect, FaultProxy, proxied
from fault_workspace import FaultWorkspace, Seen
from surroundings import Platform

FULL = os.environ.get("FLOWCTL_FAULTS") == "full"


READ_AT_LEAST = 5
"""Collections that both commands read of one pipeline."""
_LASTING = {
    "import": tuple(COLLECTIONS.values()) if FULL else ("mappingSets", "dataSets"),
    "accept": tuple(name for name in COLLECTIONS.values() if name != "mappingSets") if FULL else ("flows", "schemas"),
}
"""What the command cannot do without. A version of a mapping set never changes: `drift` reads none that is recorded."""


@dataclass(frozen=True)
class Reader:
    """A command that only reads: how it is run, and how the workspace comes to need it."""

    name: str
    arguments: tuple[str, ...]
    prepare: Callable[[FaultWorkspace, Seen], None]


def _forgotten(workspace: FaultWorkspace, _seen: Seen) -> None:
    workspace.lockfile_path.unlink()
    workspace.pipelines = {}
    workspace.save()


def _edited_outside(_workspace: FaultWorkspace, seen: Seen) -> None:
    objects = seen.objects()
    for collection in ("connections", "sourceConnections", "flows"):
        kind = next(kind for kind, name in COLLECTIONS.items() if name == collection)
        (object_id,) = objects[kind]
        outside_edit(seen, f"/flowservice/{collection}/{object_id}", "/description", "outside")
    (flow,) = objects["flow"]
    outside_edit(seen, f"/flowservice/flows/{flow}", "/scheduleParams/frequency", "week")


READERS = (
    Reader("import", ("import",), _forgotten),
    Reader("accept", ("drift", "--accept"), _edited_outside),
)


@dataclass
class Reads:
    """Lets an effect befall the first read of each collection, or of one of them for `times` reads.

    `hits` counts the reads that it befell, `writes` is what was sent.
    """

    effect: Effect
    only: str | None = None
    times: int = 1
    hits: Counter[str] = field(default_factory=Counter)
    writes: list[str] = field(default_factory=list)

    def __call__(self, asked: Asked) -> Effect:
        if asked.is_write:
            self.writes.append(f"{asked.method} {asked.path}")
        is_spared = asked.method != "GET" or self.only not in (None, asked.collection)
        if is_spared or self.hits[asked.collection] >= self.times:
            return NONE
        self.hits[asked.collection] += 1
        return self.effect


def _cells() -> Iterator[tuple[Reader, str, str | None]]:
    """One collection at a time in the full matrix; otherwise all in the same run, and the commands take turns."""
    for at, fault in enumerate(FAULTS):
        for reader in READERS if FULL else (READERS[at % 2],):
            yield from ((reader, fault, only) for only in (COLLECTIONS.values() if FULL else (None,)))


def _files(root: Path) -> dict[str, bytes]:
    """Everything that a person or a lockfile has said."""
    every = (*root.rglob("*.yaml"), *root.glob("*.lock"), *root.glob(".env*"))
    return {str(path.relative_to(root)): path.read_bytes() for path in every}


@pytest.fixture
def proxy(platform: Platform) -> Iterator[FaultProxy]:
    with proxied(platform.url) as proxy:
        yield proxy


@pytest.fixture
def workspace(proxy: FaultProxy, tmp_path: Path) -> FaultWorkspace:
    return FaultWorkspace(tmp_path, proxy.url, one_pipeline())


def _begun(reader: Reader, workspace: FaultWorkspace, platform: Platform) -> dict[str, bytes]:
    """The files of a workspace in which the command has something to do."""
    seen = Seen(platform.http)
    seen.fresh()
    workspace.save()
    assert workspace.run("apply", "--auto-approve").code == 0
    reader.prepare(workspace, seen)
    return _files(workspace.root)


def _require_whole(reader: Reader, workspace: FaultWorkspace) -> None:
    """All objects are described as they are, and the lockfile has them."""
    if reader.name == "import":
        plan = json.loads(workspace.run("plan", "--format", "json").out)
        assert plan["summary"] == {**dict.fromkeys(plan["summary"], 0), "import": len(COLLECTIONS)}
        assert workspace.run("apply", "--auto-approve").code == 0
    assert workspace.run("plan", "--detailed-exitcode").code == 0
    assert workspace.run("drift").code == 0


@pytest.mark.parametrize(
    ("reader", "fault", "only"),
    [pytest.param(*cell, id=f"{cell[0].name}-{cell[2] or 'all'}-{cell[1]}") for cell in _cells()],
)
def test_a_run_recovers_from_a_fault_of_a_read(
    reader: Reader,
    fault: str,
    only: str | None,
    platform: Platform,
    proxy: FaultProxy,
    workspace: FaultWorkspace,
    record_property: Callable[[str, object], None],
) -> None:
    before = _begun(reader, workspace, platform)
    proxy.script = reads = Reads(FAULTS[fault], only)
    faulty = workspace.run(*reader.arguments, *limits(fault))
    reads.effect = NONE
    assert faulty.code == 0, faulty.text
    assert only is not None or len(reads.hits) >= READ_AT_LEAST
    assert _files(workspace.root) != before
    _require_whole(reader, workspace)
    assert reads.writes == []
    record_property("fault cells", json.dumps({reader.name: [reads.hits.total()] * 2}))


@pytest.mark.parametrize(
    ("reader", "only"),
    [pytest.param(reader, only, id=f"{reader.name}-{only}") for reader in READERS for only in _LASTING[reader.name]],
)
def test_a_fault_that_lasts_leaves_nothing_written(
    reader: Reader,
    only: str,
    platform: Platform,
    proxy: FaultProxy,
    workspace: FaultWorkspace,
    record_property: Callable[[str, object], None],
) -> None:
    before = _begun(reader, workspace, platform)
    proxy.script = reads = Reads(FAULTS["503"], only, times=1000)
    faulty = workspace.run(*reader.arguments, *limits())
    reads.effect = NONE
    assert (faulty.code, "[http-503]" in faulty.err) == (1, True), faulty.text
    assert _files(workspace.root) == before
    assert workspace.run(*reader.arguments, *limits()).code == 0
    _require_whole(reader, workspace)
    assert reads.writes == []
    record_property("fault cells", json.dumps({reader.name: [1, 1]}))

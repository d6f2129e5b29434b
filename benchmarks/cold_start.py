"""Cold start: what a command costs before it does anything, beside a bare interpreter."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import Figure, seconds
from benchmarks.process import FLOWCTL, PYTHON, interleaved
from benchmarks.workspace import generate

_VERSION_LIMIT = 5.0


def cold_start(folder: Path, repeat: int) -> Iterator[Figure]:
    """`--version`, `--help` and `validate` of one pipeline, each against `python -c pass`."""
    workspace = generate(folder / "one", 1)
    commands: dict[str, tuple[str, ...]] = {
        "flowctl --version": (*FLOWCTL, "--version"),
        "flowctl --help": (*FLOWCTL, "--help"),
        "flowctl validate, one manifest": (
            *FLOWCTL,
            "-C",
            str(workspace.root),
            "validate",
            str(workspace.manifests[-1]),
        ),
    }
    bare, *costs = interleaved([(*PYTHON, "-c", "pass"), *commands.values()], repeat)
    for name, cost in zip(commands, costs, strict=True):
        yield Figure(
            name=f"cold start: {name}",
            measured=seconds(cost.seconds),
            against=f"python -c pass: {seconds(bare.seconds)}",
            ratio=cost.seconds / bare.seconds,
            limit=_VERSION_LIMIT if name.endswith("--version") else None,
        )

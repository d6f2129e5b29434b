"""Enumerates the boundaries of a run: kills it at each in turn, applies again, and looks at the platform."""

import json
import shutil
import signal
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from fault_workspace import FaultWorkspace, Seen, after_recovery

DRIVER = Path(__file__).with_name("crash_driver.py")


@dataclass
class Tally:
    """Points tried and passed, by class of boundary, and what went wrong."""

    tried: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    passed: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    wrong: list[str] = field(default_factory=list)

    def add(self, name: str, problems: list[str], where: str = "") -> None:
        self.tried[name] += 1
        if problems:
            self.wrong.append(f"{name} {where}: {'; '.join(problems)}")
        else:
            self.passed[name] += 1

    def as_json(self) -> str:
        return json.dumps({name: [count, self.passed[name]] for name, count in self.tried.items()})


@dataclass(frozen=True)
class Scenario:
    """A run to crash: `prepare` brings the workspace and the platform to where it starts."""

    name: str
    command: tuple[str, ...]
    prepare: Callable[[FaultWorkspace], None]
    check: Callable[[FaultWorkspace, Seen], list[str]] = after_recovery


def crash_at_each(
    scenario: Scenario, make: Callable[[], FaultWorkspace], seen: Seen, points: Iterator[int], *options: str
) -> Tally:
    """Crashes the scenario's run at each of the points, until one lies behind its end."""
    tally = Tally()
    for point in points:
        seen.fresh()
        workspace = make()
        scenario.prepare(workspace)
        report = workspace.root / "died-at"
        ended = workspace.ended(
            *scenario.command, *options, program=DRIVER, CRASH_AT=str(point), CRASH_REPORT=str(report)
        )
        if ended.code == 0:
            break
        if ended.code != -signal.SIGKILL:
            tally.add("did not crash", [f"exit code {ended.code}: {ended.text}"])
            continue
        name, _, detail = report.read_text().partition(" | ")
        report.unlink()
        tally.add(name, scenario.check(workspace, seen), f"(point {point}, {detail})")
        shutil.rmtree(workspace.root)
    return tally

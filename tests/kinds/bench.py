"""One resource of one kind, planned and applied by real planner, runner and ledger, with replies of a test's own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flowctl.engine.execute.step_runner import StepRunner
from flowctl.engine.execute.steps import steps_of
from flowctl.engine.observe.observation import Observation
from flowctl.engine.observe.reading import Send, read_object, read_version
from flowctl.engine.plan.plan_input import PlanInput
from flowctl.engine.plan.planner import plan_changes
from flowctl.engine.recover.backoff import Backoff
from flowctl.engine.recover.claimed_ids import ClaimedIds
from flowctl.engine.recover.pending import recover_pending
from flowctl.engine.recover.platform_clock import PlatformClock
from flowctl.kinds.kind import Kind
from flowctl.kinds.registry import KINDS
from flowctl.model.address import Address
from flowctl.model.change import Change
from flowctl.model.errors import Unreachable
from flowctl.model.record import LockEntry
from flowctl.model.request import Reply, Request
from flowctl.model.resource import RemoteObject, Resource
from flowctl.model.step import Step, StepEnd
from flowctl.state.ledger import Ledger
from flowctl.state.local.store import LocalStore

Answer = Callable[[Request, Send], Reply]


def lost(request: Request, send: Send) -> Reply:
    """The work is done, and the reply is lost."""
    send(request)
    raise Unreachable.because("unreachable", "the reply is lost")


def unsent(_request: Request, _send: Send) -> Reply:
    """The request never arrives, and nobody knows."""
    raise Unreachable.because("unreachable", "the request is lost")


def replying(body: Any, status: int = 200, **headers: str) -> Answer:
    """The work is done, and another reply comes than the platform's."""

    def answer(request: Request, send: Send) -> Reply:
        send(request)
        return Reply(status=status, headers=headers, body=body)

    return answer


def replying_only(body: Any, status: int = 200, **headers: str) -> Answer:
    """Nothing is done, and the reply says otherwise."""
    return lambda _request, _send: Reply(status=status, headers=headers, body=body)


@dataclass
class Bench:
    """The record in `root` and a platform behind `real`.

    `answers` hold what becomes of the next writes, one each; further ones are sent as they are. `writes` are all that
    were asked for.
    """

    root: Path
    real: Send
    answers: list[Answer] = field(default_factory=list)
    writes: list[Request] = field(default_factory=list)
    between: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self.clock = PlatformClock()
        self.send = self.clock.watching(self._send)
        self.open()

    def open(self) -> None:
        """The record read anew, as the next run does."""
        self.ledger = Ledger(LocalStore(self.root, "dev"), organization="LOCAL@AdobeOrg", sandbox="dev")

    def _send(self, request: Request) -> Reply:
        if request.method == "GET":
            return self.real(request)
        self.writes.append(request)
        answer = self.answers.pop(0) if self.answers else None
        return answer(request, self.real) if answer else self.real(request)

    def plan(self, wanted: dict[Address, dict[str, Any]]) -> tuple[Change, ...]:
        """What to do so that these resources are as wanted, by what is live now."""
        entries = self.ledger.lockfile.entries
        objects = {address: live for address, entry in entries.items() if (live := self.live(entry)) is not None}
        inputs = PlanInput(
            desired=_resources(wanted),
            recorded=self.ledger.lockfile,
            observed=Observation(objects=objects),
            kinds=KINDS,
            now=0,
        )
        return plan_changes(inputs).changes

    def live(self, entry: LockEntry) -> RemoteObject | None:
        kind = KINDS[entry.kind]
        if kind.versioned:
            return read_version(kind, entry.id, entry.outputs.get("version", ""), self.real)
        return read_object(kind, entry.id, self.real)

    def steps(self, wanted: dict[Address, dict[str, Any]]) -> tuple[Step, ...]:
        return steps_of(self.plan(wanted), self.ledger.lockfile.entries, KINDS)

    def runner(self, wanted: dict[Address, dict[str, Any]]) -> StepRunner:
        return StepRunner(
            send=self.send,
            ledger=self.ledger,
            kinds=KINDS,
            resources=_resources(wanted),
            backoff=Backoff(pause=lambda _seconds: True),
            clock=self.clock,
            claimed=ClaimedIds.of(self.ledger.lockfile),
        )

    def apply(self, wanted: dict[Address, dict[str, Any]]) -> list[StepEnd]:
        """Plans and runs every step; `between` is called after planning."""
        steps, runner = self.steps(wanted), self.runner(wanted)
        self.between()
        return [runner.run(step) for step in steps]

    def settle(self) -> list[str]:
        """What the next run does first."""
        self.open()
        return recover_pending(self.ledger, KINDS, self.send, Backoff(pause=lambda _seconds: True), self.clock)

    def all_live(self, kind: Kind, like: dict[str, Any]) -> list[str]:
        """The ids of every live object of a kind that has the attributes."""
        return [live.id for live in _pages(kind, like, self.real)]


def _resources(wanted: dict[Address, dict[str, Any]]) -> dict[Address, Resource]:
    return {address: Resource(address=address, attributes=attributes) for address, attributes in wanted.items()}


def _pages(kind: Kind, like: dict[str, Any], send: Send) -> Iterator[RemoteObject]:
    from flowctl.engine.plan.diff import is_as_sent
    from flowctl.model.values import without_secrets

    request: Request | None = kind.recall(like)
    while request is not None:
        reply = send(request)
        yield from (live for live in kind.objects(reply) if is_as_sent(kind, without_secrets(like), live))
        request = kind.next_page(request, reply)

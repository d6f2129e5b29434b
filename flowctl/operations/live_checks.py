"""Live checks of all kinds: what a kind asks Experience Platform before anything is sent, in parallel if possible."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final, TypeAlias, cast

from flowctl.engine.observe.paging import Send
from flowctl.engine.observe.reading import read_object
from flowctl.engine.observe.search import begin_titled
from flowctl.engine.observe.understood import understood
from flowctl.kinds.kind import Kind
from flowctl.kinds.live_check import Advice, Answers, Ask, Exists, LiveCheck, LiveObject, PlannedCheck, Read, Titled
from flowctl.model.address import Address
from flowctl.model.change import Change
from flowctl.model.diagnostic import Diagnostic, Severity
from flowctl.model.errors import PlatformError, Refused
from flowctl.model.request import Request
from flowctl.model.resource import Resource
from flowctl.systems import result_of

Begun: TypeAlias = Mapping[Read[object], Callable[[], object]]
"""What is being read; each call waits for the answer."""
_ASKED_LIVE: Final = frozenset(
    {"unknown-auth-spec", "invalid-auth-params", "invalid-source-params", "unknown-flow-spec"}
)


def not_asked_live(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The diagnostics without the warnings about what flowctl does not know, and a live check asks for."""
    return [each for each in diagnostics if each.severity is Severity.ERROR or each.code not in _ASKED_LIVE]


class Reader:
    """Runs the reads of checks and returns their answers."""

    def __init__(self, kinds: Mapping[str, Kind], send: Send, pool: ThreadPoolExecutor) -> None:
        self.kinds = kinds
        self._send = send
        self._pool = pool

    def begin(self, reads: Sequence[Read[object]]) -> Begun:
        """Begin to read."""
        return {read: self._titled(read) if isinstance(read, Titled) else self._begun(read) for read in reads}

    def finish(self, begun: Begun) -> Answers:
        """The answers. Raises PlatformError where the platform cannot be asked."""
        return Answers({read: answer() for read, answer in begun.items()})

    def _begun(self, read: Read[object]) -> Callable[[], object]:
        return partial(result_of, self._pool.submit(self._answer, read))

    def _titled(self, read: Titled) -> Callable[[], object]:
        return begin_titled(self.kinds[read.kind], read.titles, self._send, self._pool)

    def _answer(self, read: Read[object]) -> object:
        match read:
            case Ask(request=request):
                return understood(request, self._send(request), read.read)
            case Advice(request=request):
                try:
                    return understood(request, self._send(request), read.read)
                except PlatformError:
                    return read.otherwise
            case Exists(requests=requests):
                return any(self._finds(request) for request in requests)
            case LiveObject(kind=kind, id=object_id):
                return read_object(self.kinds[kind], object_id, self._send)
        raise AssertionError(f"nothing answers {type(read).__name__}")

    def _finds(self, request: Request) -> bool:
        try:
            self._send(request)
        except Refused as error:
            if error.status != 404:
                raise
            return False
        return True


class DesiredChecks:
    """The checks of the desired resources, begun and not yet ended."""

    def __init__(self, desired: Mapping[Address, Resource], reader: Reader) -> None:
        """Begin those that read ahead."""
        found = list(_desired(desired, reader.kinds))
        self._begun = [_Conversation(check, reader) for check, ahead in found if ahead]
        self._later = [check for check, ahead in found if not ahead]
        self._reader = reader

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Everything that the checks find. Raises PlatformError where the platform cannot be asked."""
        found = [diagnostic for each in self._begun for diagnostic in each.ended()]
        for check in self._later:
            found += _Conversation(check, self._reader).ended()
        return tuple(found)


def check_planned(changes: Sequence[Change], desired: Mapping[Address, Resource], reader: Reader) -> list[Diagnostic]:
    """The problems that the checks of all kinds find in the planned changes, kind after kind.

    A resource with an error of one check is left out of the next one, which would report a consequence of it.
    """
    users: dict[PlannedCheck, set[str]] = {}
    for kind in reader.kinds.values():
        for check in kind.preflight.planned:
            users.setdefault(check, set()).add(kind.name)
    found: list[Diagnostic] = []
    for check, names in users.items():
        wrong = {diagnostic.address for diagnostic in found}
        concerned = [change for change in changes if change.kind in names and change.address not in wrong]
        found += _Conversation(check.begin(concerned, desired), reader).ended()
    return found


def _desired(desired: Mapping[Address, Resource], kinds: Mapping[str, Kind]) -> Iterator[tuple[LiveCheck, bool]]:
    """Each check of the desired resources, and whether it reads ahead."""
    checks = dict.fromkeys(check for kind in kinds.values() for check in kind.preflight.desired)
    checked = {kind.name for kind in kinds.values() if kind.preflight.desired}
    concerned = [(kind, resource) for address, resource in desired.items() if (kind := address.kind) in checked]
    for check in checks:
        names = {kind.name for kind in kinds.values() if check in kind.preflight.desired}
        resources = [resource for kind, resource in concerned if kind in names]
        yield check.begin(resources, desired), check.ahead


class _Conversation:
    """One check at work: its present reads are under way until `ended` is called."""

    def __init__(self, check: LiveCheck, reader: Reader) -> None:
        self._check = check
        self._reader = reader
        self._begun: Begun | None = None
        self._found: Sequence[Diagnostic] = ()
        self._go_on(None)

    def ended(self) -> Sequence[Diagnostic]:
        """What the check finds."""
        while self._begun is not None:
            self._go_on(self._reader.finish(self._begun))
        return self._found

    def _go_on(self, answers: Answers | None) -> None:
        try:
            reads = next(self._check) if answers is None else self._check.send(answers)
        except StopIteration as end:
            self._begun, self._found = None, cast(Sequence[Diagnostic], end.value)
        else:
            self._begun = self._reader.begin(reads)

"""Readings: what a plan has read, each with a string that changes with all that a plan depends on in it.

A later plan that depends on nothing else, and reads the same strings, comes to the same result.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import partial
from hashlib import sha256
from typing import Final, TypeAlias

from flowctl.engine.observe.paging import Send, pages
from flowctl.engine.observe.reading import read_objects
from flowctl.engine.observe.understood import understood
from flowctl.kinds.kind import Kind
from flowctl.model.errors import Refused, UnclearReply
from flowctl.model.json_value import JSON
from flowctl.model.request import Reply, Request
from flowctl.model.resource import RemoteObject
from flowctl.systems import as_they_end

Pairs: TypeAlias = tuple[tuple[str, str], ...]
Asked: TypeAlias = tuple[str, Pairs, Pairs]
"""A question: path, query and headers of a GET."""
_MISSING: Final = "404"
"""What is read where Experience Platform replies that there is no such object."""


@dataclass(slots=True, kw_only=True)
class Readings:
    """The edition of each object that was read, by kind and ID, and what every other request was replied.

    `is_repeatable` is false once something was sent that is more than a question. Threads may share it.
    """

    objects: dict[str, dict[str, str]] = field(default_factory=dict)
    answers: dict[Asked, str] = field(default_factory=dict)
    is_repeatable: bool = True

    def of_objects(self, kind: Kind, send: Send) -> Send:
        """The same `send`, for reading objects of a kind; their editions are noted."""
        if kind.editions is None:
            return send
        editions, noted = kind.editions, self.objects.setdefault(kind.name, {})

        def noting(request: Request) -> Reply:
            reply = send(request)
            noted.update(understood(request, reply, editions))
            return reply

        return noting

    def saw(self, kind: Kind, found: Mapping[str, RemoteObject]) -> None:
        """Note objects that were read, if their kind has no editions."""
        if kind.editions is None:
            self.objects.setdefault(kind.name, {}).update(_editions(kind, found))

    def of_answers(self, send: Send) -> Send:
        """The same `send`, for everything else that is asked; the replies are noted."""

        def noting(request: Request) -> Reply:
            if request.method != "GET":
                self.is_repeatable = False
                return send(request)
            try:
                reply = send(request)
            except Refused as error:
                self.answers[_asked(request)] = str(error.status)
                raise
            self.answers[_asked(request)] = _digest(reply.body)
            return reply

        return noting


def read_the_same(before: Readings, kinds: Mapping[str, Kind], send: Send, pool: ThreadPoolExecutor) -> bool:
    """Whether everything that was read before is read the same now, in the same requests.

    Raises PlatformError if Experience Platform cannot be read.
    """
    checks = [pool.submit(_answers_the_same, asked, answer, send) for asked, answer in before.answers.items()]
    checks += [
        pool.submit(_has_the_same, kinds[name], {one: editions[one] for one in batch}, send)
        for name, editions in before.objects.items()
        for batch in groups_of_size(sorted(editions), kinds[name].batch_size)
    ]
    # Where something has moved, the others are waited for: who has to look closer then has every reply. What cannot be
    # read at all ends the wait, as Experience Platform may take as long over the others as it likes.
    verdicts = set()
    for check in as_they_end(checks):
        verdicts.add(check.result())
        if _Verdict.UNREADABLE in verdicts:
            for other in checks:
                other.cancel()
            break
    return verdicts <= {_Verdict.SAME}


def groups_of_size(ids: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    """IDs in the groups in which a kind's objects are read."""
    return (ids[start : start + size] for start in range(0, len(ids), size))


class _Verdict(Enum):
    SAME = auto()
    MOVED = auto()
    UNREADABLE = auto()

    @classmethod
    def of(cls, is_same: bool) -> "_Verdict":
        return cls.SAME if is_same else cls.MOVED


def _answers_the_same(asked: Asked, answer: str, send: Send) -> _Verdict:
    path, query, headers = asked
    request = Request(method="GET", path=path, query=query, headers=dict(headers))
    try:
        return _Verdict.of(_digest(send(request).body) == answer)
    except Refused as error:
        return _Verdict.SAME if error.status == 404 and answer == _MISSING else _Verdict.UNREADABLE


def _has_the_same(kind: Kind, editions: Mapping[str, str], send: Send) -> _Verdict:
    try:
        if kind.editions is None:
            return _Verdict.of(_editions(kind, read_objects(kind, list(editions), send)) == editions)
        found: dict[str, str] = {}
        read = partial(_page_of_editions, kind)
        request = kind.read_many(list(editions))
        for page in pages(request, send, read=read, names=_names, next_page=kind.next_page):
            found.update(page)
            if len(found) >= len(editions):
                break
        return _Verdict.of(found == editions)
    except (Refused, UnclearReply):
        return _Verdict.UNREADABLE  # what is wrong is for the plan to say, which reads everything


def _page_of_editions(kind: Kind, request: Request, reply: Reply) -> Mapping[str, str]:
    if kind.editions is None:
        raise AssertionError(f"a {kind.title} has no editions")
    return understood(request, reply, kind.editions)


def _names(page: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    return page.items()


def _editions(kind: Kind, found: Mapping[str, RemoteObject]) -> dict[str, str]:
    """Of objects without editions, what a plan looks at: others than the desired members may change at any time."""
    return {
        one: _digest([live.attributes, live.outputs, kind.warning(live) is not None]) for one, live in found.items()
    }


def _digest(value: JSON) -> str:
    return sha256(json.dumps(value, sort_keys=True, default=repr).encode("utf-8", "surrogatepass")).hexdigest()


def _asked(request: Request) -> Asked:
    return request.path, request.query, tuple(request.headers.items())

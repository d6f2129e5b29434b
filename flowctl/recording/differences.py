"""How a reply of the emulator differs from the recorded one; differences that mean nothing are known.

Both replies are written as in a record, so that what is replaced in one is replaced in the other. Placeholders are
paired: one that was paired before has to stand for the same again.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from flowctl.model.comparison_report import Difference
from flowctl.recording.bodies import kind_of
from flowctl.recording.placeholders import ATOM, blanked
from flowctl.recording.vocabulary import vocabulary

_WORDS_OF_THE_MOMENT: Final = """
message detail title description created updated createdAt updatedAt createdBy updatedBy createdClient updatedClient
createdUser updatedUser etag eTag href requestId request_id registryRequestId count totalCount total timestamp
createdDate modifiedDate lastModifiedDate modifiedBy lastModifiedBy sandboxId region repo:createdDate
repo:lastModifiedDate repo:createdBy repo:lastModifiedBy repo:etag expires_in access_token version inputBytes
outputBytes durationSummary metrics icon meta:globalLibVersion adobe~1pqs~1table
"""
_OF_THE_MOMENT: Final = frozenset(_WORDS_OF_THE_MOMENT.split())
"""Members whose values differ between any two replies: times, authors, counts, prose."""


_OF_ALL_OBJECTS: Final = frozenset({"classUsage"})
"""Members that list what an organization has, its objects from before the record among them."""
_OF_BATCHES: Final = frozenset({"lastBatchId", "lastBatchStatus", "lastSuccessfulBatch"})
"""Members of a dataset that tell of its batches."""
_SANDBOXES: Final = "/sandboxes"
"""The list of sandboxes, which have names for IDs."""


class Pairs:
    """Which placeholder of the record is which of the emulator's replies.

    What is below an ID in `left_out` is not compared.
    """

    def __init__(self) -> None:
        self._live: dict[str, str] = {}
        self._recorded: dict[str, str] = {}
        self.left_out: set[str] = set()

    def live(self, recorded: str) -> str | None:
        """Return the partner of a placeholder of the record."""
        return self._live.get(recorded)

    def pair(self, recorded: str, live: str) -> bool:
        """Pair two placeholders; False if one of them has another partner already."""
        if self._live.get(recorded, live) != live or self._recorded.get(live, recorded) != recorded:
            return False
        self._live[recorded] = live
        self._recorded[live] = recorded
        return True

    def renew(self, recorded: str, live: str) -> None:
        """Pair the placeholder in a text that changes with each write, whatever its partner was before."""
        for mine, other in zip(ATOM.findall(recorded), ATOM.findall(live), strict=False):
            self._live[mine] = other

    def translated(self, text: str) -> str:
        """Return a recorded text with the partners of its placeholders."""
        return ATOM.sub(lambda match: self._live.get(match[0], match[0]), text)


def differences(recorded: dict[str, Any], live: dict[str, Any], pairs: Pairs) -> Iterator[Difference]:
    """Yield how two replies differ, and pair their placeholders."""
    if recorded["status"] != live["status"]:
        yield Difference(kind="status", at="", recorded=recorded["status"], emulator=live["status"])
    yield from _headers(recorded["headers"], live["headers"])
    mine, other = recorded["body"] or {}, live["body"] or {}
    if bool(mine) != bool(other):
        yield Difference(kind="body", at="", recorded=_form(mine), emulator=_form(other))
    elif "json" in mine and "json" in other:
        yield from _values(mine["json"], other["json"], "", pairs)
    elif "shape" in mine and "shape" in other:
        yield from _shapes(mine["shape"], other["shape"], "")
    elif _form(mine) != _form(other):
        yield Difference(kind="body", at="", recorded=_form(mine), emulator=_form(other))


def _headers(recorded: dict[str, str], live: dict[str, str]) -> Iterator[Difference]:
    mine, other = (each.get("content-type", "").partition(";")[0].strip() for each in (recorded, live))
    if mine != other:
        yield Difference(kind="header", at="content-type", recorded=mine or None, emulator=other or None)
    for name in ("retry-after", "allow"):
        if (name in recorded) != (name in live):
            yield Difference(kind="header", at=name, recorded=recorded.get(name), emulator=live.get(name))


def _form(body: dict[str, Any]) -> str | None:
    return next((f"not recorded ({body['why']})" if name == "bytes" else name for name in body), None)


def _values(recorded: Any, live: Any, at: str, pairs: Pairs) -> Iterator[Difference]:
    if kind_of(recorded) != kind_of(live):
        yield Difference(kind="type", at=at, recorded=kind_of(recorded), emulator=kind_of(live))
    elif at.rpartition("/")[2] in _OF_ALL_OBJECTS:
        return
    elif isinstance(recorded, dict):
        yield from _objects(recorded, live, at, pairs)
    elif isinstance(recorded, list):
        yield from _lists(recorded, live, at, pairs)
    elif isinstance(recorded, str):
        yield from _texts(recorded, live, at, pairs)
    elif ATOM.fullmatch(str(recorded)) and ATOM.fullmatch(str(live)):
        yield from _texts(str(recorded), str(live), at, pairs)
    elif recorded != live and not _is_of_the_moment(at):
        yield Difference(kind="value", at=at, recorded=recorded, emulator=live)


def _objects(recorded: dict[str, Any], live: dict[str, Any], at: str, pairs: Pairs) -> Iterator[Difference]:
    left = dict(live)
    unpaired = []
    for name, value in recorded.items():
        partner = name if name in left else pairs.translated(name)
        if name in pairs.left_out or (pairs.left_out and name in _OF_BATCHES):
            left.pop(partner, None)
        elif partner in left:
            yield from _values(value, left.pop(partner), f"{at}/{_escaped(name)}", pairs)
        elif ATOM.search(name):
            unpaired.append(name)
        else:
            yield Difference(kind="missing", at=f"{at}/{_escaped(name)}", recorded=kind_of(value), emulator=None)
    strange = [name for name in left if ATOM.search(name)]
    if len(unpaired) == len(strange) == 1 and blanked(unpaired[0]) == blanked(strange[0]):
        name, partner = unpaired[0], strange[0]
        yield from _texts(name, partner, at, pairs)
        yield from _values(recorded[name], live[partner], f"{at}/{_escaped(name)}", pairs)
    for name, value in left.items():
        if name not in strange and not (pairs.left_out and name in _OF_BATCHES):
            yield Difference(kind="additional", at=f"{at}/{_escaped(name)}", recorded=None, emulator=kind_of(value))


def _lists(recorded: list[Any], live: list[Any], at: str, pairs: Pairs) -> Iterator[Difference]:
    """Yield how lists differ. Of objects with IDs, only those in both are compared: others were there before."""
    recorded = [item for item in recorded if _id(item, at) not in pairs.left_out]
    live = [item for item in live if _id(item, at) not in {pairs.live(key) for key in pairs.left_out}]
    mine = {key: item for item in recorded if (key := _id(item, at)) is not None}
    other = {key: item for item in live if (key := _id(item, at)) is not None}
    if recorded and len(mine) == len(recorded) and len(other) == len(live):
        known = {key: pairs.translated(key) for key in mine}
        left = [key for key, partner in known.items() if partner not in other]
        strange = [key for key in other if key not in known.values()]
        for key, partner in known.items():
            if partner in other:
                yield from _values(mine[key], other[partner], f"{at}/{recorded.index(mine[key])}", pairs)
            elif pairs.live(key) is not None:
                yield Difference(
                    kind="missing", at=f"{at}/{recorded.index(mine[key])}", recorded=kind_of(mine[key]), emulator=None
                )
        if len(left) == len(strange) == 1 and pairs.live(left[0]) is None:
            yield from _values(mine[left[0]], other[strange[0]], f"{at}/{recorded.index(mine[left[0]])}", pairs)
        return
    if len(recorded) != len(live):
        if not mine and not other:
            yield Difference(kind="length", at=at, recorded=len(recorded), emulator=len(live))
        return
    for index, (item, partner) in enumerate(zip(recorded, live, strict=True)):
        yield from _values(item, partner, f"{at}/{index}", pairs)


def _id(item: Any, at: str) -> str | None:
    if isinstance(item, dict):
        for name in ("name",) if at == _SANDBOXES else ("$id", "id", "@id"):
            if isinstance(item.get(name), str | int):
                return str(item[name])
    return None


def _texts(recorded: str, live: str, at: str, pairs: Pairs) -> Iterator[Difference]:
    if recorded == live:
        return
    if _is_of_the_moment(at):
        if at.endswith("/etag"):  # later requests name it, in `If-Match`
            pairs.renew(recorded, live)
        return
    if blanked(recorded) != blanked(live):
        form = blanked(recorded) != recorded or blanked(live) != live
        yield Difference(kind="form" if form else "value", at=at, recorded=blanked(recorded), emulator=blanked(live))
        return
    for mine, other in zip(ATOM.findall(recorded), ATOM.findall(live), strict=True):
        if not pairs.pair(mine, other):
            yield Difference(kind="reference", at=at, recorded=recorded, emulator=_shown(live))
            return


def _shown(live: str) -> str:
    """Return a text of the emulator's reply as a report shows it: its placeholders are not those of the record."""
    return ATOM.sub("another value", live)


def _is_of_the_moment(at: str) -> bool:
    return any(part in _OF_THE_MOMENT for part in at.split("/")[-2:])


def _shapes(recorded: Any, live: Any, at: str) -> Iterator[Difference]:
    """Yield how shapes differ in members that are the platform's; which rows a source has is another matter."""
    if isinstance(recorded, dict) and isinstance(live, dict):
        for name in recorded.keys() & live.keys():
            yield from _shapes(recorded[name], live[name], f"{at}/{_escaped(name)}")
        for name in sorted((recorded.keys() ^ live.keys()) & vocabulary().members) if at == "" else ():
            kind = "missing" if name in recorded else "additional"
            yield Difference(
                kind=kind, at=f"/{_escaped(name)}", recorded=_shape(recorded, name), emulator=_shape(live, name)
            )
    elif _kind(recorded) != _kind(live):
        yield Difference(kind="type", at=at, recorded=_kind(recorded), emulator=_kind(live))


def _shape(shape: dict[str, Any], name: str) -> str | None:
    return _kind(shape[name]) if name in shape else None


def _kind(shape: Any) -> str:
    return shape if isinstance(shape, str) else kind_of(shape)


def _escaped(name: str) -> str:
    return re.sub("[~/]", lambda match: "~0" if match[0] == "~" else "~1", name)

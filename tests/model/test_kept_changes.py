"""The changes of what stays as it is: made once, when somebody looks at one."""

from collections.abc import Iterator

from flowctl.model.address import Address
from flowctl.model.change import Action, Change, Reason
from flowctl.model.kept_changes import KeptChanges

ADDRESSES = [Address(f"p-{number}.flow") for number in range(3)]


def _change(address: Address) -> Change:
    return Change(address=address, action=Action.NO_OP, reason=Reason.UP_TO_DATE)


def test_they_are_made_when_the_first_is_asked_for_and_only_once() -> None:
    made: list[Address] = []

    def make() -> Iterator[Change]:
        for address in ADDRESSES:
            made.append(address)
            yield _change(address)

    kept = KeptChanges(3, make)
    assert (len(kept), bool(kept), made) == (3, True, [])
    assert kept[1].address == ADDRESSES[1]
    assert [change.address for change in kept] == ADDRESSES
    assert [change.address for change in kept[1:]] == ADDRESSES[1:]
    assert made == ADDRESSES


def test_they_equal_what_holds_the_same_changes() -> None:
    changes = tuple(map(_change, ADDRESSES))
    kept = KeptChanges(3, lambda: changes)
    assert kept == changes
    assert changes == kept
    assert kept == KeptChanges(3, lambda: list(changes))
    assert kept != changes[1:]
    assert kept != 3
    assert KeptChanges(0, tuple) == ()

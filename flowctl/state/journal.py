"""The journal: one JSON line for each event of a run, durable before what follows it.

An `intent` stands before a write is sent; its `entry`, `gone`, `buried` or `settled` after. `begin` names the lineage
and the serial of the lockfile that what follows continues; what continues an older serial is in the lockfile already.
"""

from collections.abc import Mapping
from typing import Any

from flowctl.model.errors import StateError
from flowctl.state.entry_format import VERSION, Malformed
from flowctl.state.events import Begin, Event, Newer, event_from_json
from flowctl.state.replay import damaged
from flowctl.strict_json import NotJson, check, parse, text_of


def line_of(members: Mapping[str, Any]) -> bytes:
    """The line of an event. Raises NotJson for what could not be read again."""
    return (check(members) + "\n").encode()


def events_in(content: bytes, name: str) -> list[tuple[int, Event]]:
    """The events of a journal with their lines; `name` is the journal's name for messages.

    A last line without its end is passed over, and so are events of names that a later release may write. Raises
    StateError for a damaged line.
    """
    events: list[tuple[int, Event]] = []
    version = VERSION
    for number, line in enumerate(content.split(b"\n")[:-1], start=1):
        event = _event(line, number, name, version) if line.strip() else None
        if isinstance(event, Begin):
            version = event.version
        if event is not None:
            events.append((number, event))
    return events


def _event(line: bytes, number: int, name: str, version: int) -> Event | None:
    try:
        return event_from_json(parse(text_of(line)), version)
    except Newer as error:
        raise StateError.because(
            "journal-newer",
            f"a newer release of flowctl wrote {name} ({error.words})",
            hint="Install that release.",
        ) from error
    except (NotJson, Malformed) as error:
        raise damaged(name, number, error.words) from error

"""A record beside the emulator, as lines and as a JSON document."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from flowctl.model.comparison_report import ComparedRecord, Difference
from flowctl.views.envelope import envelope
from flowctl.views.lines import Line

_WORDS = {
    "missing": "the emulator has no {at} (recorded: {recorded})",
    "additional": "the emulator adds {at} ({emulator})",
    "body": "body: recorded {recorded}, emulator {emulator}",
    "length": "items of {at}: recorded {recorded}, emulator {emulator}",
    "reference": "{at}: recorded {recorded} as before, emulator {emulator}",
    "header": "header {at}: recorded {recorded}, emulator {emulator}",
}
_OTHERWISE = "{kind} of {at}: recorded {recorded}, emulator {emulator}"


def compared_lines(data: ComparedRecord) -> Iterator[Line]:
    """The differences of each exchange, what was skipped, and how many there are."""
    for exchange in data.differing:
        yield Line(f"{exchange.exchange}. {exchange.method} {exchange.path}", "bold")
        yield from (Line(f"   {_sentence(difference)}", "yellow") for difference in exchange.differences)
    if data.differing:
        yield Line()
    for reason, number in Counter(skipped.reason for skipped in data.skipped).items():
        yield Line(f"Skipped {_exchanges(number)}: {reason}.", "dim")
    if data.is_cut:
        yield Line("The last line of the record is incomplete and was left out.", "yellow")
    number = len(data.differing)
    compared = f"Compared {data.compared} of {_exchanges(data.exchanges)}"
    found = f"{number} {_differ(number)}" if number else "no difference"
    yield Line(f"{compared}: {found}." if data.compared else f"{compared}.")


def _differ(number: int) -> str:
    return "differs" if number == 1 else "differ"


def compared_document(data: ComparedRecord) -> dict[str, Any]:
    """The document of `emulator compare`."""
    return envelope(
        file=data.file,
        exchanges=data.exchanges,
        compared=data.compared,
        differences=[
            {
                "exchange": exchange.exchange,
                "method": exchange.method,
                "path": exchange.path,
                "kind": difference.kind,
                "at": difference.at,
                "recorded": difference.recorded,
                "emulator": difference.emulator,
            }
            for exchange in data.differing
            for difference in exchange.differences
        ],
        skipped=[
            {"exchange": each.exchange, "method": each.method, "path": each.path, "reason": each.reason}
            for each in data.skipped
        ],
        incompleteLine=data.is_cut,
        diagnostics=[],
    )


def _sentence(difference: Difference) -> str:
    if difference.kind == "status":
        return f"status: recorded {difference.recorded}, emulator {difference.emulator}"
    return _WORDS.get(difference.kind, _OTHERWISE).format(
        kind=difference.kind,
        at=difference.at or "the body",
        recorded=_shown(difference.recorded),
        emulator=_shown(difference.emulator),
    )


def _shown(value: Any) -> str:
    return "none" if value is None else value if isinstance(value, str) else json.dumps(value)


def _exchanges(number: int) -> str:
    return f"{number} exchange" if number == 1 else f"{number} exchanges"

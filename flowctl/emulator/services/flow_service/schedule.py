"""The schedule rules of the batch flow specs, tolerant of numbers and booleans written as text.

Rules: the flow specs' own `scheduleSpec`; codes: Adobe docs, errors/sources-errors.md. Values are stored as posted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flowctl.emulator.services.flow_service.errors import connector_error
from flowctl.emulator.shapes import is_integer

if TYPE_CHECKING:
    from flowctl.emulator.errors import Refusal

FREQUENCIES = ("once", "minute", "hour", "day", "week")
KNOWN = frozenset({"startTime", "frequency", "interval", "backfill", "foldernameTemplate"})
"""Adobe's Python client adds the template of a folder's name, which only dataflows to destinations use."""


def check_schedule(params: object, *, text_interval_with_once: bool) -> None:
    """Refuse a schedule: empty 1317, frequency 1397, once with interval 1361 or backfill 1364, interval 1362.

    `text_interval_with_once` lets an interval that is text pass: the marketing automation tutorial sends `"15"`
    with once and documents a 201, while the error table refuses it. A number is what no document shows.
    """
    if not isinstance(params, dict) or not params:
        raise connector_error("1317", "The schedule parameters must not be null or empty.")
    frequency = params.get("frequency")
    if frequency not in FREQUENCIES:
        raise connector_error("1397", f"The frequency {frequency} is not valid; valid: {', '.join(FREQUENCIES)}.")
    if as_integer(params.get("startTime")) is None:
        raise connector_error("1363", "The startTime must be an integer in epoch seconds.")
    unknown = sorted(set(params) - KNOWN)
    if unknown:
        raise connector_error("1363", f"The schedule has unknown parameters: {', '.join(unknown)}.")
    if "backfill" in params and as_boolean(params["backfill"]) is None:
        raise connector_error("1363", "The backfill must be a boolean.")
    if frequency == "once":
        _check_once(params, text_interval_with_once=text_interval_with_once)
    else:
        _check_interval(params, 15 if frequency == "minute" else 1)


def check_change(before: object, after: object, now_ms: int) -> None:
    """Refuse what may not change once the start has passed: startTime, to once, backfill.

    Codes: FLOW-1366-400 is given by the connectors' table, as are 1403 and 1404.
    """
    if not isinstance(before, dict) or not isinstance(after, dict):
        return
    start = as_integer(before.get("startTime"))
    if start is None or start * 1000 > now_ms:
        return
    if as_integer(after.get("startTime")) != start:
        raise _passed("1366", "startTime")
    if after.get("frequency") == "once" and before.get("frequency") != "once":
        raise _passed("1403", "frequency to once")
    if as_boolean(after.get("backfill", True)) != as_boolean(before.get("backfill", True)):
        raise _passed("1404", "backfill")


def as_integer(value: object) -> int | None:
    """Return an integer of 64 bits given as a number or as digits, else None."""
    if is_integer(value):
        return cast("int", value)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
        return int(value)
    return None


def as_boolean(value: object) -> bool | None:
    """Return a boolean given as such or as text, else None."""
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value.lower()) if isinstance(value, str) else None


def _check_once(params: dict[str, Any], *, text_interval_with_once: bool) -> None:
    tolerated = text_interval_with_once and isinstance(params.get("interval"), str)
    if "interval" in params and not tolerated:
        raise connector_error("1361", "The interval must not be given with the frequency once.")
    if "backfill" in params:
        raise connector_error("1364", "The backfill must not be given with the frequency once.")


def _check_interval(params: dict[str, Any], minimum: int) -> None:
    interval = as_integer(params.get("interval"))
    if interval is None or interval < minimum:
        message = f"The interval must be an integer of at least {minimum} for the frequency {params['frequency']}."
        raise connector_error("1362", message)


def _passed(code: str, what: str) -> Refusal:
    return connector_error(code, f"The {what} cannot be changed after the scheduled start time has passed.")

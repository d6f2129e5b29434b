"""Drift in words: what became of an object, who did it, and the sums."""

import shlex
from datetime import UTC, datetime
from typing import Final

from flowctl.model.drift_report import DriftedObject, DriftReport, LastChange

_UI: Final = frozenset({"exc_app", "acp_ui_platform"})
"""The clients of the Experience Platform UI."""


def state(drifted: DriftedObject) -> str:
    """What became of an object, in one clause, with what is known of its author."""
    author = author_words(drifted.changed)
    if drifted.hidden:
        return "hidden by access labels: audit events do not tell of its deletion"
    if drifted.deleted:
        return f"deleted{author}"
    if drifted.missing:
        return "not found (deleted, or hidden by access labels)"
    return f"changed{author}"


def author_words(changed: LastChange) -> str:
    """` by WHO on DATE with CLIENT`, each part if it is known."""
    words = f" by {changed.by}" if changed.by else ""
    if changed.at is not None:
        words += f" on {moment(changed.at)}"
    if changed.client in _UI:
        return f"{words} in the Experience Platform UI ({changed.client})"
    return f"{words} with client {changed.client}" if changed.client else words


def moment(milliseconds: int) -> str:
    """Epoch milliseconds as RFC 3339 in UTC."""
    return f"{datetime.fromtimestamp(milliseconds / 1000, UTC):%Y-%m-%dT%H:%M:%SZ}"


def total(report: DriftReport) -> str:
    """The sum of a report in one sentence."""
    if not report.compared:
        return f"Nothing to compare: the lockfile of environment {report.environment} has no entries."
    if not report.objects:
        return f"No drift: {_all(report.compared)} as the last apply left {_them(report.compared)}."
    documents = report.by_document()
    attributes = sum(len(each.attributes) for each in report.objects)
    gone = sum(each.missing or each.hidden for each in report.objects)
    parts = [_counted(attributes, "attribute")] if attributes else []
    parts += [f"{gone} not found"] if gone else []
    objects = _counted(len(report.objects), "object")
    return f"Drift: {objects} of {_counted(len(documents), 'document')} ({', '.join(parts)})."


def commands(report: DriftReport) -> tuple[str, str]:
    """The command that accepts the drift, and the one that shows what apply does about it."""
    accept = shlex.join(["flowctl", "-e", report.environment, "drift", "--accept"])
    return accept, shlex.join(["flowctl", "-e", report.environment, "plan"])


def _all(count: int) -> str:
    return f"all {count} objects are" if count > 1 else "the object is"


def _them(count: int) -> str:
    return "them" if count > 1 else "it"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"

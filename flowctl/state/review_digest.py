"""The digest of a plan, by which it is approved: equal digests mean that a reviewer sees and apply does the same.

It covers where the plan applies, what it shows and what it sends. It leaves out what differs between two runs that are
to be alike: times, the lockfile's history, lines of manifests, labels, and how much stays as it is.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from flowctl.masking.secret_values import SecretValues
from flowctl.model.change import Change, Effect
from flowctl.model.plan import Plan
from flowctl.model.resource import Sensitive, Unknown
from flowctl.state.planfile_document import change_key
from flowctl.state.planfile_writing import plan_to_json

_NOT_OF_A_CHANGE: Final = ("pipeline", "labels", "span", "schedule")
_NOT_OF_A_DIAGNOSTIC: Final = ("span",)
_NOT_OF_A_REVIEW: Final = (str(Effect.NOT_COMPARED), str(Effect.RUNS))
_OF_THE_RUN: Final = frozenset({"run-under-way", "runs-unread", "unset-secret"})
"""Diagnostics about the moment of the plan, and about what the job that plans does not know."""


def review_digest(plan: Plan, sends: Mapping[str, str], secrets: SecretValues) -> str:
    """SHA-256 over what a plan shows and what its changes send, in hexadecimal.

    `secrets` are masked before they could count: whoever reads a digest could find a short one by trying.
    """
    shown = _text(_shown(plan, lambda value: value))
    # Looking once through the whole text is much faster than looking into each value.
    if secrets.masked(shown) != shown:
        shown = _text(_shown(plan, secrets.masked_value))
    return _sha256(_text([shown, dict(sends)]))


def sent_digests(plan: Plan, secrets: SecretValues) -> Mapping[str, str]:
    """SHA-256 over what each change sends, without secrets; a value known only after apply counts by where it comes
    from."""
    return {change_key(change): _sha256(secrets.masked(_sent(change))) for change in plan.changes}


def _shown(plan: Plan, masked: Callable[[Any], Any]) -> dict[str, Any]:
    document = plan_to_json(plan, masked)
    return {
        "place": [plan.environment, plan.organization, plan.sandbox],
        "destroys": plan.destroys,
        **({"moved": document["moved"]} if document["moved"] else {}),
        "changes": [_change(change) for change in document["changes"]],
        "drift": document["drift"],
        "diagnostics": [
            _without(diagnostic, _NOT_OF_A_DIAGNOSTIC)
            for diagnostic in document["diagnostics"]
            if diagnostic["code"] not in _OF_THE_RUN
        ],
    }


def _change(members: Mapping[str, Any]) -> dict[str, Any]:
    """A change without what is not shown or not lasting; a secret that is not compared shows by its change, if any."""
    notes = [
        note for note in members["notes"] if not (isinstance(note, Mapping) and note["effect"] in _NOT_OF_A_REVIEW)
    ]
    return {**_without(members, _NOT_OF_A_CHANGE), "notes": notes}


def _without(members: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: member for name, member in members.items() if name not in names}


def _sent(change: Change) -> str:
    return json.dumps(change.desired, sort_keys=True, default=_named)


def _named(value: Any) -> str:
    if isinstance(value, Sensitive):
        return str(value)
    if isinstance(value, Unknown):
        return f"({value.address} {value.output})"
    raise TypeError(f"{type(value).__name__} is not a JSON value")


def _text(document: Any) -> str:
    return json.dumps(document, sort_keys=True)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

"""The plan of a plan file as a JSON object: what a reviewer sees, in its order, with no secret.

Secrets are `(sensitive)`, and values that are known after apply are marked, as in every output. Requests are not in it.
"""

import json
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from flowctl.model.change import AttributeChange, Change, Note
from flowctl.model.diagnostic import Diagnostic, SourceSpan
from flowctl.model.json_value import JSON
from flowctl.model.plan import Drift, IgnoredAttribute, Plan
from flowctl.model.resource import Sensitive
from flowctl.model.values import transform

Masked: TypeAlias = Callable[[JSON], JSON]
"""Removes the secrets of the run from a value that is not a secret itself."""
SECRET: Final = str(Sensitive(None))
"""The text in place of a secret."""


def plan_to_json(plan: Plan, masked: Masked) -> dict[str, Any]:
    """The members of a plan that a reviewer sees; `kept` lists the addresses of unchanged resources."""
    return {
        "changes": [_change(change, masked) for change in plan.changes],
        "kept": [change.address for change in plan.kept],
        "drift": [_drift(drift, masked) for drift in plan.drift],
        "moved": [{"from": each.old, "to": each.new} for each in plan.moved],
        "ignored": [_ignored(each, masked) for each in plan.ignored],
        "diagnostics": [_diagnostic(diagnostic, masked) for diagnostic in plan.diagnostics],
        "dependsOn": {
            change.address: sorted(change.depends_on) for change in (*plan.changes, *plan.kept) if change.depends_on
        },
    }


def shown_attributes(change: Change, masked: Masked = lambda value: value) -> str:
    """What a reviewer sees of the attributes of a change; equal texts mean the same."""
    return json.dumps([_attribute(attribute, masked) for attribute in change.attributes], sort_keys=True)


def _change(change: Change, masked: Masked) -> dict[str, Any]:
    return _filled(
        address=change.address,
        action=str(change.action),
        reason=str(change.reason),
        id=change.remote_id,
        becauseOf=list(change.because_of) or None,
        attributes=[_attribute(attribute, masked) for attribute in change.attributes],
        notes=[_note(note, masked) for note in change.notes],
        pipeline=change.origin.pipeline,
        labels=masked(dict(change.origin.labels)) or None,
        span=_place(change.origin.span),
        schedule=masked(_shown(dict(change.schedule))) if change.schedule is not None else None,
    )


def _note(note: str, masked: Masked) -> JSON:
    """A sentence; with what it is about it is an object."""
    effect = note.effect if isinstance(note, Note) else None
    return {"text": masked(str(note)), "effect": str(effect)} if effect is not None else masked(str(note))


def _place(span: SourceSpan | None) -> dict[str, Any] | None:
    return {"file": span.file, "line": span.line, "column": span.column} if span is not None else None


def _attribute(attribute: AttributeChange, masked: Masked) -> dict[str, Any]:
    before, after = attribute.before, attribute.after
    if attribute.sensitive:
        before, after = (None if value is None else SECRET for value in (before, after))
    else:
        before, after = masked(_shown(before)), masked(_shown(after))
    return _filled(
        path=masked(list(attribute.steps)),
        before=before,
        after=after,
        sensitive=attribute.sensitive or None,
        forcesReplacement=attribute.forces_replacement or None,
    )


def _drift(drift: Drift, masked: Masked) -> dict[str, Any]:
    attributes = [
        _filled(
            path=masked(list(place.steps)),
            recorded=masked(_shown(place.recorded)),
            observed=masked(_shown(place.observed)),
        )
        for place in drift.attributes
    ]
    return _filled(address=drift.address, missing=drift.missing or None, attributes=attributes)


def _ignored(ignored: IgnoredAttribute, masked: Masked) -> dict[str, Any]:
    return _filled(
        address=ignored.address,
        path=masked(list(ignored.steps)),
        observed=masked(_shown(ignored.observed)),
        desired=masked(_shown(ignored.desired)),
    )


def _diagnostic(diagnostic: Diagnostic, masked: Masked) -> dict[str, Any]:
    return _filled(
        severity=str(diagnostic.severity),
        code=diagnostic.code,
        summary=masked(diagnostic.summary),
        detail=masked(diagnostic.detail) or None,
        hint=masked(diagnostic.hint) or None,
        address=diagnostic.address,
        span=_place(diagnostic.span),
    )


def _filled(**members: JSON) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def _shown(value: JSON) -> JSON:
    return transform(value, str)

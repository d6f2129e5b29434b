"""Check the parts of a pipeline against a flow spec, a connector and an authentication.

Every rule comes from the given spec, so a live spec that differs from the pinned one is respected.
Values are checked as flowctl sends them: `startTime` and `interval` integers, `backfill` true or false,
`mappingVersion` a string.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from flowctl.model.json_value import JSON, JSONObject
from flowctl.model.resource import SENSITIVE, Sensitive
from flowctl.specs.connector import AuthSpec, Connector
from flowctl.specs.flow_specs import FlowSpec
from flowctl.validation.check import check
from flowctl.validation.problem import Problem
from flowctl.validation.wording import code, codes, counted, did_you_mean, nearest, one_of, value_words

_DOCUMENTED_BESIDE: Final[Mapping[str, Mapping[str, JSONObject]]] = {
    "CloudStorageToAEP": {
        "Encryption": {
            "type": "object",
            "properties": {"publicKeyId": {"type": "string"}, "signVerificationKeyId": {"type": "string"}},
            "required": ["publicKeyId"],
        }
    }
}
"""Transformations that Adobe's guides use with a flow spec that does not list them, by the spec's name."""


def transformations_of(spec: FlowSpec) -> Mapping[str, JSONObject]:
    """The schemas of the transformations that a flow may have, by name."""
    return {**spec.transformation_schemas, **_DOCUMENTED_BESIDE.get(spec.name, {}), **spec.transformation_schemas}


def takes_transformation(spec: FlowSpec, name: str) -> bool:
    """Whether a flow may have the transformation."""
    return name in transformations_of(spec)


def schedule_problems(spec: FlowSpec, schedule: JSONObject | None) -> tuple[Problem, ...]:
    """What the spec's `scheduleSpec` does not accept in `scheduleParams`.

    None is a flow without a schedule, which is valid only if the spec has no `scheduleSpec`.
    """
    if schedule is None:
        return () if spec.schedule_schema is None else (_needed(spec, "schedule"),)
    if spec.schedule_schema is None:
        return (_not_taken(spec, "schedule", schedule),)
    return check(spec.schedule_schema, schedule, subject="the schedule")


def option_problems(spec: FlowSpec, options: JSONObject | None) -> tuple[Problem, ...]:
    """What the spec's `optionSpec` does not accept in `options`. None and `{}` are a flow without options."""
    if not options and options in (None, {}):
        return ()
    if spec.option_schema is None:
        return (_not_taken(spec, "options", options),)
    return check(spec.option_schema, options, subject="the options")


def transformation_problems(spec: FlowSpec, transformations: Sequence[JSONObject]) -> tuple[Problem, ...]:
    """What the spec does not accept in a flow's `transformations`: a list of `{name, params}`.

    Each name must be one of the spec's and occur once; `params` follow the schema of that name. Paths begin with
    the index in the list.
    """
    schemas = transformations_of(spec)
    problems: list[Problem] = []
    seen: set[str] = set()
    for index, item in enumerate(transformations):
        name = item.get("name")
        if not isinstance(name, str) or name not in schemas:
            problems.append(_unknown_transformation(spec, index, name))
            continue
        if name in seen:
            problems.append(
                Problem(
                    path=(index, "name"),
                    message=f"duplicate transformation {code(name)}",
                    hint="Remove one of them.",
                )
            )
        seen.add(name)
        found = check(schemas[name], item.get("params", {}), subject=f"the {name} transformation")
        problems.extend(_inside(problem, index, name) for problem in found)
    return tuple(problems)


def auth_problems(auth_spec: AuthSpec, params: JSONObject) -> tuple[Problem, ...]:
    """What an authentication type does not accept in `auth.params`. The value of a secret is never shown."""
    return check(auth_spec.schema, params, subject="the auth params", secrets=auth_spec.secret_params)


def without_secrets(params: JSONObject) -> JSONObject:
    """The params with a word in place of each secret; one that is a list or a mapping stays one, and is empty."""
    return {param: _stand_in(value) for param, value in params.items()}


def _stand_in(value: JSON) -> JSON:
    if not isinstance(value, Sensitive):
        return value
    return type(value.value)() if isinstance(value.value, dict | list) else SENSITIVE


def source_param_problems(connector: Connector, params: JSONObject) -> tuple[Problem, ...]:
    """What a connector's `sourceSpec` does not accept in the source connection's `params`."""
    return params_problems(connector.source_schema, params)


def params_problems(schema: JSONObject, params: JSONObject) -> tuple[Problem, ...]:
    """What the schema of a `sourceSpec` does not accept in the source connection's `params`."""
    return check(schema, params, subject="the source params")


def _inside(problem: Problem, index: int, name: str) -> Problem:
    subject = f"the {name} transformation"
    message = problem.message if problem.message.startswith(subject) else f"{name}: {problem.message}"
    return Problem(
        path=(index, "params", *problem.path),
        message=message,
        expected=problem.expected,
        found=problem.found,
        hint=problem.hint,
        at_key=problem.at_key,
    )


def _unknown_transformation(spec: FlowSpec, index: int, name: JSON) -> Problem:
    known = list(transformations_of(spec))
    near = nearest(name, known) if isinstance(name, str) else None
    return Problem(
        path=(index, "name"),
        message=f"flow spec {code(spec.name)} does not support the transformation {value_words(name)}",
        expected="" if near else one_of(codes(known)) if known else "no transformations",
        hint=did_you_mean(near, "Remove this transformation."),
    )


def _needed(spec: FlowSpec, key: str) -> Problem:
    return Problem(
        path=(),
        message=f"flow spec {code(spec.name)} requires {code(key)}",
        hint=f"Add {code(key)}.",
        at_key=True,
    )


def _not_taken(spec: FlowSpec, key: str, value: JSON) -> Problem:
    return Problem(
        path=(),
        message=f"flow spec {code(spec.name)} does not support {code(key)}",
        found=counted(len(value), "key") if isinstance(value, Mapping) else value_words(value),
        hint=f"Remove {code(key)}.",
    )

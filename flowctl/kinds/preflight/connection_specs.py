"""Connection specs of Experience Platform: whether it has those that manifests name, and how they authenticate."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from flowctl.kinds.live_check import Desired, DesiredCheck, LiveCheck, Preflight
from flowctl.kinds.live_connection_specs import live_connection_specs
from flowctl.model.attribute_path import Path
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.json_value import JSONObject
from flowctl.model.resource import Resource, Sensitive
from flowctl.specs.catalogue import connector_by_spec_id
from flowctl.specs.connector import AuthSpec, Connector, auth_specs
from flowctl.specs.validate import auth_problems, params_problems, without_secrets
from flowctl.validation.problem import Problem
from flowctl.validation.wording import code, codes, did_you_mean, nearest, one_of, quoted


def connection_spec_check(resources: Sequence[Resource], _desired: Desired) -> LiveCheck:
    """What the live connection specs say where the catalogue cannot: unknown specs, and their authentication."""
    users: dict[str, list[Resource]] = {}
    for resource in resources:
        if _is_left_to_the_platform(resource):
            users.setdefault(_spec_id(resource), []).append(resource)
    if not users:
        return ()
    ask = live_connection_specs(users)
    answers = yield (ask,)
    live = answers.of(ask)
    found: list[Diagnostic] = []
    for spec_id, of_spec in users.items():
        spec = live.get(spec_id)
        if spec is None:
            found.append(_unknown(spec_id, of_spec[0]))
        else:
            found += (problem for user in of_spec for problem in _authentication(user, spec))
            found += (problem for user in of_spec for problem in _source_params(user, spec))
    return found


def _spec_id(resource: Resource) -> str:
    return str(resource.attributes["connectionSpec"]["id"])


def _auth(resource: Resource) -> JSONObject:
    """The authentication of a base connection; a source connection has none."""
    found: JSONObject = resource.attributes.get("auth") or {}
    return found


def _is_left_to_the_platform(resource: Resource) -> bool:
    """Whether the catalogue cannot tell what is right."""
    known = connector_by_spec_id(_spec_id(resource))
    if known is None:
        return True
    auth = _auth(resource)
    return _is_open(known) or (bool(auth) and known.auth_spec(str(auth.get("specName"))) is None)


def _is_open(known: Connector) -> bool:
    """Whether only the live connection spec is reliable: the connector is not verified, or is the workspace's own."""
    return not known.verified or known.is_own


def _unknown(spec_id: str, resource: Resource) -> Diagnostic:
    return Diagnostic(
        code="unknown-connection-spec",
        summary=f"Experience Platform has no connection spec `{spec_id}`",
        hint="Correct `connectionSpec.id`, or set `connector` to a name that `flowctl connectors` lists.",
        address=resource.address,
        span=resource.place("connectionSpec", "id"),
    )


def _authentication(connection: Resource, spec: JSONObject) -> Iterator[Diagnostic]:
    """What the live spec does not accept of a base connection; one without authentication types says nothing."""
    name, known = str(_auth(connection).get("specName")), auth_specs(spec)
    if not _auth(connection) or not known:
        return
    found = next((each for each in known if each.name == name), None)
    if found is None:
        yield _unknown_authentication(connection, name, _title(spec), known)
    else:
        yield from _params(connection, found, _title(spec))


def _title(spec: JSONObject) -> str:
    """The connection spec in words: its name, or its ID if it has none."""
    return str(spec.get("name") or spec["id"])


def _unknown_authentication(connection: Resource, name: str, title: str, known: Sequence[AuthSpec]) -> Diagnostic:
    names = [each.name for each in known]
    return Diagnostic(
        code="unknown-auth-spec",
        summary=f"connection spec {code(title)} of Experience Platform has no authentication type {quoted(name)}",
        detail=f"Expected {one_of(codes(names))} (exact spelling).",
        hint=did_you_mean(nearest(name, names), "Write one of these names."),
        address=connection.address,
        span=connection.place("auth", "specName"),
    )


def _params(connection: Resource, spec: AuthSpec, title: str) -> Iterator[Diagnostic]:
    params = _auth(connection).get("params") or {}
    problems = auth_problems(spec, without_secrets(params))
    return _unaccepted("invalid-auth-params", connection, ("auth", "params"), params, problems, title)


def _source_params(source: Resource, spec: JSONObject) -> Iterator[Diagnostic]:
    """What the live spec does not accept in the params of a source connection; nothing if it has no schema."""
    schema = (spec.get("sourceSpec") or {}).get("spec")
    if "auth" in source.attributes or not isinstance(schema, Mapping):
        return iter(())
    params = source.attributes.get("params") or {}
    problems = params_problems(schema, without_secrets(params))
    return _unaccepted("invalid-source-params", source, ("params",), params, problems, _title(spec))


def _unaccepted(
    problem_code: str,
    resource: Resource,
    place: Path,
    params: Mapping[str | int, Any],
    problems: Iterable[Problem],
    title: str,
) -> Iterator[Diagnostic]:
    """The problems of parameters at their places, without those of secrets."""
    for problem in problems:
        path = problem.path
        if path and isinstance(params.get(path[0]), Sensitive):
            continue  # Only the type of a secret is known here, and Experience Platform may ask for more.
        yield Diagnostic(
            code=problem_code,
            summary=problem.message,
            detail=f"The rule is from the live connection spec {code(title)}.",
            hint=problem.hint or "Correct the value in the manifest.",
            address=resource.address,
            span=resource.place(*place, *path),
        )


CONNECTION_SPECS = Preflight(desired=(DesiredCheck(begin=connection_spec_check),))
"""Base and source connections share the check, so that one request asks for the connection specs of both."""

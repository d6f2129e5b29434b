"""Base connections as Connection documents."""

import re
from collections.abc import Mapping
from typing import Final

from flowctl.manifest.collapse.subject import API_VERSION, Subject, described, kept_rules, titled, without_nothing
from flowctl.manifest.collapse.typed import typed
from flowctl.model.json_value import JSON, JSONObject
from flowctl.model.resource import Sensitive
from flowctl.specs.catalogue import connector_by_spec_id
from flowctl.specs.connector import AuthSpec, Connector
from flowctl.text.writer import Substitution

_CONNECTION: Final = "connection"


def connection(subject: Subject) -> Mapping[str, JSON]:
    """The document of a base connection; each secret is an environment variable."""
    attributes = subject.attributes[_CONNECTION]
    spec = attributes.get("connectionSpec") or {}
    known = connector_by_spec_id(str(spec.get("id")).lower())
    return {
        "apiVersion": API_VERSION,
        "kind": "Connection",
        "metadata": {"name": subject.name},
        **titled(subject, attributes.get("name")),
        **described(attributes),
        **named_source(spec, known),
        **({"providerId": attributes["providerId"]} if attributes.get("providerId") else {}),
        **_auth(subject, attributes, known),
        **kept_rules(holds_data=False),
    }


def named_source(spec: JSONObject, known: Connector | None) -> dict[str, JSON]:
    """The connector by its name in the catalogue, or the connection spec as it is."""
    version = str(spec.get("version") or "1.0")
    if known is not None and known.spec_version == version:
        return {"connector": known.name}
    return {"connectionSpec": {"id": spec.get("id"), **({} if version == "1.0" else {"version": version})}}


def with_variables(subject: Subject, params: JSONObject) -> dict[str, JSON]:
    """Parameters with a substitution in the place of each secret."""
    return {
        name: secret(subject, name) if isinstance(value, Sensitive) else value
        for name, value in without_nothing(params).items()
    }


def secret(subject: Subject, param: str) -> Substitution:
    """The substitution that stands for a secret."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", f"{subject.name}_{param}")
    return Substitution(f"${{env:{subject.variable(words)}}}")


def _auth(subject: Subject, attributes: JSONObject, known: Connector | None) -> dict[str, JSON]:
    auth = attributes.get("auth")
    if not isinstance(auth, Mapping):
        return {}
    members = {name: value for name, value in without_nothing(auth).items() if name != "params"}
    described_by = known.auth_spec(str(auth.get("specName"))) if known is not None else None
    params = with_variables(subject, auth.get("params") or {})
    if described_by is not None:
        params = {**typed(params, described_by.schema), **_dropped(subject, params, described_by)}
    return {"auth": {**members, "params": params}}


def _dropped(subject: Subject, params: JSONObject, spec: AuthSpec) -> dict[str, JSON]:
    """The secrets that must be there, and that the platform does not show at all."""
    needed = spec.schema.get("required") or ()
    return {name: secret(subject, name) for name in needed if name in spec.secret_params and name not in params}

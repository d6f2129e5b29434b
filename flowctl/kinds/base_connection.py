"""Base connections (accounts): the credentials of a source."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flowctl.kinds import flow_search, flow_service
from flowctl.kinds.connection_states import state_of, with_drafts
from flowctl.kinds.forms import Forms, booleans, folders, integers, versions, words
from flowctl.kinds.kind import Search
from flowctl.kinds.live_secrets import hidden
from flowctl.kinds.preflight.connection_specs import CONNECTION_SPECS
from flowctl.kinds.replacing import ReplacementRule
from flowctl.kinds.terms import CONNECTOR, TITLE, Terms
from flowctl.model.json_value import JSONObject
from flowctl.specs.secret_places import secret_auth_places


def _comparable(body: Mapping[str, Any]) -> JSONObject:
    """Credentials are a partial view: masked, echoed or missing, so secrets are never compared with them.

    A change patches `/auth/params/<key>` one by one: replacing `/auth/params` would drop what the service added.
    """
    members = ("name", "description", "auth", "connectionSpec", "providerId")
    attributes = _without_inlet(flow_service.pick(body, members))
    return {**state_of(body), **hidden(attributes, secret_auth_places(attributes))}


def _without_inlet(attributes: JSONObject) -> JSONObject:
    """Return attributes without the address that HTTP API data is sent to, which the service makes."""
    auth = attributes.get("auth")
    if not isinstance(auth, dict) or not isinstance(auth.get("params"), dict):
        return attributes
    params = {name: value for name, value in auth["params"].items() if name not in _INLET}
    return {**attributes, "auth": {**auth, "params": params}}


_INLET = frozenset({"inletUrl", "inletId"})
_PARAMS = ("auth", "params")
_FORMS: Forms = {
    ("connectionSpec", "id"): words,
    ("connectionSpec", "version"): versions,
    ("providerId",): words,
    (*_PARAMS, "port"): integers,
    (*_PARAMS, "maxConcurrentConnections"): integers,
    (*_PARAMS, "expirationDate"): integers,
    (*_PARAMS, "enableSsl"): booleans,
    (*_PARAMS, "authenticationRequired"): booleans,
    (*_PARAMS, "sslMode"): booleans,
    (*_PARAMS, "includeDeletedObjects"): booleans,
    (*_PARAMS, "disableChunking"): booleans,
    (*_PARAMS, "folderPath"): folders,
}

_CONNECTION = replace(
    flow_service.kind(
        name="connection",
        title="base connection",
        meaning="The credentials of a source, which Experience Platform calls an account.",
        stage=0,
        collection="connections",
        asset_type="Source Account",
        comparable=_comparable,
        forms=lambda _attributes: _FORMS,
        search=Search(
            everything=flow_search.everything("connections"),
            titled=flow_search.titled("connections"),
            fixed=("connectionSpec", "id"),
        ),
    ),
    terms=Terms(terms={("name",): TITLE, **CONNECTOR}),
    preflight=CONNECTION_SPECS,
    replacement=ReplacementRule(paths=(("connectionSpec",), ("providerId",), ("auth", "specName"), ("auth", "type"))),
)

KIND = with_drafts(_CONNECTION, "connections")

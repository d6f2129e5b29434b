"""Which values of an object are secrets, by where they stand and by what they are.

Below `auth.params` everything is a secret that is not known to be harmless; elsewhere, what is named like a credential
or holds one, such as a URL with a signature.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from flowctl.late_pattern import late_pattern
from flowctl.masking.parts import holds_credentials
from flowctl.model.json_value import JSON
from flowctl.specs.catalogue import connector_by_spec_id, packaged_by_spec_id
from flowctl.specs.connector import Connector

# Names that say where a source is, which part of it is read, and as whom: platforms use them with this meaning only,
# and a plan that hid them would not tell what changes. Whatever could be a key under some name is left out: `key`,
# `account`, `code`, `id`, `name`, `value`.
_HARMLESS_NAMES: Final = """
host hostname server servername port database databasename url baseurl endpoint endpointurl environmenturl instanceurl
serviceurl serviceuri accountsurl accesstokenurl authorizationurl authorizationtesturl tokenurl tokenendpoint
authorizationendpoint user username userid clientid applicationid serviceprincipalid tenant tenantid subscriptionid
region domain namespace bucketname containername folderpath accountname accesskeyid saskeyname schema catalog warehouse
role project projectid apiversion authenticationtype granttype scope scopes expirationdate enablessl httppath
"""
_HARMLESS: Final = frozenset(_HARMLESS_NAMES.split())
_CREDENTIAL_NAME: Final = late_pattern(
    r"secret|passw|pwd|pass_?phrase|(?:access|refresh|auth|bearer|security|session|sas|api)_?token|^(?:token|sas|bearer)$"
    r"|(?:private|access|account|shared|api|subscription|encryption)[_-]?key$|credential|^authorization$|sas_?(?:uri|url)"
    r"|connection_?string",
    re.I,
)


def is_secret_param(known: Connector | None, spec_name: str, param: str, value: JSON) -> bool:
    """Whether a parameter below `auth.params` is a secret; `known` is the connector, where the catalogue has it.

    True, false and nothing are not: there is nothing to hide. A mapping or a list is one as a whole, because the
    catalogue describes no members.
    """
    if value is None or isinstance(value, bool):
        return False
    if isinstance(value, Mapping | list | tuple) or (known is not None and known.is_secret(spec_name, param)):
        return True
    is_harmless = is_described(known, spec_name, param) or has_harmless_name(param)
    return not is_harmless or holds_credentials(value)


def is_described(known: Connector | None, spec_name: str, param: str) -> bool:
    """Whether the catalogue describes a parameter: under the named authentication, or else nowhere as a secret.

    A spec of the workspace does not count: a file that leaves out what is a password must not show one.
    """
    if known is not None and known.is_own:
        known = packaged_by_spec_id().get(known.spec_id.lower())
    if known is None:
        return False
    if known.describes(spec_name, param):
        return True
    return any(known.describes(spec.name, param) for spec in known.auth_specs) and not any(
        param in spec.secret_params for spec in known.auth_specs
    )


def has_harmless_name(param: str) -> bool:
    """Whether a parameter that the catalogue does not describe is known by its name to be harmless."""
    return re.sub(r"[\s_.-]", "", param).lower() in _HARMLESS


@lru_cache(maxsize=10_000)
def sounds_secret(name: str) -> bool:
    """Whether a name promises a credential."""
    return _CREDENTIAL_NAME.search(name) is not None


def secret_places(attributes: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """The places of the secrets in an object that a connection spec describes: a base or a source connection."""
    yield from secret_auth_places(attributes)
    if "connectionSpec" in attributes:
        yield from secret_source_places(attributes)


def secret_auth_places(connection: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """The places of the secrets in a base connection's `auth.params`."""
    auth = connection.get("auth")
    if auth is None:
        return
    spec = connection.get("connectionSpec")
    params = auth.get("params") if isinstance(auth, Mapping) else None
    if isinstance(auth, Mapping) and isinstance(params, Mapping):
        spec_id = spec.get("id") if isinstance(spec, Mapping) else None
        known = connector_by_spec_id(spec_id) if isinstance(spec_id, str) else None
        for param, value in params.items():
            if is_secret_param(known, str(auth.get("specName", "")), param, value):
                yield "auth", "params", param


def secret_source_places(source: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """The places of the secrets in a source's `params` and `data`."""
    for member in ("params", "data"):
        values = source.get(member)
        if not values or not (type(values) is dict or isinstance(values, Mapping)):
            continue
        for name, value in values.items():
            # The columns of a table are names and types, and there are many.
            if name != "columns" and _is_secret(name, value):
                yield member, name


def _is_secret(name: str, value: Any) -> bool:
    if isinstance(value, str):
        return bool(value) and (sounds_secret(name) or holds_credentials(value))
    if isinstance(value, Mapping):
        return any(_is_secret(key, member) for key, member in value.items())
    return isinstance(value, list | tuple) and any(_is_secret(name, item) for item in value)

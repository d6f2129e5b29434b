"""Which values of a document are secrets; those of a connection leave this package only as Sensitive."""

import re
from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from flowctl.manifest.document import Document
from flowctl.manifest.lookalikes import without_lookalikes
from flowctl.masking.parts import secret_parts
from flowctl.model.json_value import JSON
from flowctl.model.resource import Sensitive
from flowctl.specs.catalogue import Connector, connector, connector_by_spec_id
from flowctl.specs.secret_places import is_described, is_secret_param, secret_source_places
from flowctl.text.nodes import Node, ScalarNode
from flowctl.text.positions import node_at, paths_of, scalars
from flowctl.text.scalars import loses_zeros
from flowctl.text.substitution import Expanded

PARAMS = ("auth", "params")
Source: TypeAlias = tuple[str, str]
"""A variable: `env` or `var`, and its name."""
_TAGS_OF_YAML: Final = frozenset(
    "null bool int float binary timestamp omap pairs set str seq map merge value".split()  # noqa: SIM905 - short
)
_VARIABLE: Final = re.compile(r"\$\{(env|var):([^{}]*)\}")


def connector_of(content: Mapping[str, JSON]) -> Connector | None:
    """The catalogue's connector of a Connection document, by its name or by its connection spec id."""
    name, spec = content.get("connector"), content.get("connectionSpec")
    if isinstance(name, str):
        return connector(name)
    spec_id = spec.get("id") if isinstance(spec, Mapping) else None
    return connector_by_spec_id(spec_id) if isinstance(spec_id, str) else None


def secret_params(content: Mapping[str, JSON], root: Node, expanded: Mapping[int, Expanded]) -> Iterator[str]:
    """The names of the secret parameters of a Connection document.

    Besides those of the platform's object: what the catalogue does not describe and comes from the environment, and
    what is made of the same variable as a secret.
    """
    auth = content.get("auth")
    params = auth.get("params") if isinstance(auth, Mapping) else None
    if not isinstance(params, Mapping):
        return
    spec_name = str(auth.get("specName", "")) if isinstance(auth, Mapping) else ""
    known = connector_of(content)
    found: set[str] = set()
    for param, value in params.items():
        from_environment = any(each.environment for each in _expanded_below(root, param, expanded))
        if is_secret_param(known, spec_name, param, value) or (
            from_environment and not is_described(known, spec_name, param)
        ):
            found.add(param)
    sources = {source for param in found for source in _sources(root, param, expanded)}
    for param in params:
        if param in found or sources & set(_sources(root, param, expanded)):
            yield param


def secret_sources(document: Document) -> Iterator[Source]:
    """The variables that the secrets of a Connection document are made of."""
    params = document.at(*PARAMS) if document.kind == "Connection" and document.expanded else None
    for param, value in params.items() if isinstance(params, Mapping) else ():
        if isinstance(value, Sensitive):
            yield from _sources(document.root, param, document.expanded)


def variables_of(found: Expanded, text: str = "") -> Iterator[Source]:
    """The variables that a text is made of: of the whole scalar, or of a part of it."""
    for source, name in _VARIABLE.findall(text or found.raw):
        yield source, name
        if source == "var" and len(found.variables) == 1:
            # A variable of flowctl.yaml may itself be made of one of the environment.
            yield from (("env", inner) for inner in found.environment if f"{{env:{inner}}}" not in found.raw)


def _sources(root: Node, param: str, expanded: Mapping[int, Expanded]) -> Iterator[Source]:
    """The variables that a parameter is made of; of a connection string, those of its secret parts."""
    for each in _expanded_below(root, param, expanded):
        for part in list(secret_parts(each.raw)) or [each.raw]:
            yield from variables_of(each, part)


def sensitive(node: Node | None, value: JSON, expanded: Mapping[int, Expanded], *, as_text: bool) -> Sensitive:
    """A secret as a value, from its node and what was read from it.

    With `as_text` a scalar is the text that is written, as one that begins with zeros always is.
    """
    found = list(_expanded_in(node, expanded)) if node is not None else []
    unset = next((name for each in found for name in each.unset), "")
    if unset:
        return Sensitive(None, unset)
    variable = next((name for each in found for name in each.environment), "")
    if isinstance(node, ScalarNode) and (as_text or loses_zeros(node.value)):
        return Sensitive(str(found[0].value) if found else node.value, variable)
    return Sensitive(value, variable)


def secrets_of(document: Document) -> Iterator[JSON]:
    """Every secret of a document that is set, in clear: what no text may show.

    A substitution that was not made is none: a message has to name it.
    """
    if document.kind == "Connection":
        params = document.at(*PARAMS)
        for value in params.values() if isinstance(params, Mapping) else ():
            if isinstance(value, Sensitive):
                yield without_lookalikes(value.value) if isinstance(value.value, str) else value.value
        for scalar in secret_scalars(document):
            # A password that begins with `!` and stands without quotes was read as a tag.
            tag = scalar.tag.removeprefix("tag:yaml.org,2002:").lstrip("!")
            if tag not in _TAGS_OF_YAML:
                yield tag
    elif document.kind == "Pipeline":
        source = document.at("source")
        for place in secret_source_places(source) if isinstance(source, Mapping) else ():
            yield document.at("source", *place)


def secret_scalars(document: Document) -> Iterator[ScalarNode]:
    """The nodes of a Connection document's secrets."""
    params = document.at(*PARAMS) if document.kind == "Connection" else None
    for param, value in params.items() if isinstance(params, Mapping) else ():
        node = node_at(document.root, (*PARAMS, param)) if isinstance(value, Sensitive) else None
        if node is not None:
            yield from (scalar for _, scalar in scalars(node))


def name_in_clear(document: Document) -> str:
    """The name of a document, where it is written in the manifest."""
    return document.name if document.substitution("metadata", "name") is None else ""


def _expanded_below(root: Node, param: str, expanded: Mapping[int, Expanded]) -> Iterator[Expanded]:
    node = node_at(root, (*PARAMS, param)) if expanded else None
    if node is not None:
        yield from _expanded_in(node, expanded)


def _expanded_in(node: Node, expanded: Mapping[int, Expanded]) -> Iterator[Expanded]:
    if expanded:
        yield from (expanded[id(scalar)] for _, scalar in paths_of(node, expanded))

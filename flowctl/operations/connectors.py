"""The sources that flowctl knows: all, those that a word finds, or one with everything that its manifests need."""

import shlex
from pathlib import Path
from typing import Final

from flowctl.model.catalogue_report import AuthenticationType, Connectors, ListedConnector, ShownConnector
from flowctl.model.errors import FlowctlError
from flowctl.specs.catalogue import connector, connector_names
from flowctl.specs.connector import Connector
from flowctl.specs.files import docs_dir
from flowctl.specs.own_connectors import CATEGORY as OWN
from flowctl.specs.samples import connection_manifest, parameters, pipeline_manifest, source_part
from flowctl.validation.wording import codes, nearest, one_of, quoted

_MOST_PROPOSED: Final = 4
"""Up to this number the connectors that a wrong name may mean are listed in the message."""


def listed_connectors(search: str = "") -> Connectors:
    """The connectors whose name, title, category or connection spec ID has this text in it."""
    wanted = search.strip().lower()
    found = [entry for name in connector_names() if (entry := connector(name)) and wanted in _searched(entry)]
    return Connectors(connectors=tuple(map(_listed, found)))


def known_connector(name: str) -> Connector:
    """The connector of this name or title. Raises FlowctlError with the nearest known name."""
    entry = connector(name) or connector(_by_title(name))
    if entry is None:
        raise FlowctlError.because(
            "unknown-connector",
            f"there is no connector {quoted(name)}",
            hint=_meant(name),
        )
    return entry


def _meant(name: str) -> str:
    """What to do about an unknown name: the connectors that have it in their name or title, else the nearest one."""
    near = nearest(name, connector_names())
    word = name.strip().lower()
    within = [each.name for each in listed_connectors(word).connectors if word in f"{each.name}\n{each.title}".lower()]
    found = list(dict.fromkeys([*([near] if near else []), *(within if word else [])]))
    if len(found) > _MOST_PROPOSED:
        return f"Run `flowctl connectors --search {shlex.quote(word)}` to list the {len(found)} that are like it."
    if found:
        return f"Did you mean {one_of(codes(found))}?"
    return "Run `flowctl connectors` to list all. For another source, save its connection spec below `specs`."


def shown_connector(name: str) -> ShownConnector:
    """One connector by its name or title. Raises FlowctlError with the nearest known name."""
    entry = known_connector(name)
    return ShownConnector(
        connector=_listed(entry),
        spec_id=entry.spec_id,
        evidence=entry.evidence,
        documents=entry.documents,
        authentication_types=tuple(
            AuthenticationType(
                name=spec.name,
                params=tuple(parameters(spec.schema, spec.secret_params)),
                manifest=connection_manifest(entry, spec),
            )
            for spec in entry.auth_specs
        ),
        source_params=tuple(parameters(entry.source_schema)),
        source=source_part(entry),
        pipeline=pipeline_manifest(entry),
        page=str(_page(entry)),
    )


def _page(entry: Connector) -> Path:
    """What there is to read: the page of the connector, or for one of the workspace the page about such connectors."""
    if entry.category == OWN:
        return docs_dir() / "guides" / "own-connectors.md"
    return docs_dir() / "connectors" / f"{entry.name}.md"


def _by_title(title: str) -> str:
    """The name of the connector with this title, whatever its case; empty if there is none."""
    known = (connector(name) for name in connector_names())
    return next((entry.name for entry in known if entry and entry.title.lower() == title.strip().lower()), "")


def _searched(entry: Connector) -> str:
    return f"{entry.name}\n{entry.title}\n{entry.category}\n{entry.spec_id}".lower()


def _listed(entry: Connector) -> ListedConnector:
    return ListedConnector(
        name=entry.name,
        title=entry.title,
        category=entry.category,
        formats=entry.formats,
        flow_specs=entry.flow_specs,
        verified=entry.verified,
    )

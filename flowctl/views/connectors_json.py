"""Connectors as JSON documents."""

from collections.abc import Iterable
from typing import Any

from flowctl.model.catalogue_report import Connectors, ListedConnector, Parameter, ShownConnector
from flowctl.views.envelope import envelope


def connectors_document(data: Connectors) -> dict[str, Any]:
    """The document of `connectors`."""
    return envelope(connectors=list(map(_listed, data.connectors)))


def connector_document(data: ShownConnector) -> dict[str, Any]:
    """The document of `connectors NAME`: a list of one, with all that is known of it."""
    shown = {
        **_listed(data.connector),
        "connectionSpec": data.spec_id,
        "evidence": data.evidence,
        "documents": list(data.documents),
        "authenticationTypes": [
            {"name": kind.name, "params": _parameters(kind.params), "manifest": kind.manifest}
            for kind in data.authentication_types
        ],
        "sourceParams": _parameters(data.source_params),
        "source": data.source,
        "pipeline": data.pipeline,
        "page": data.page,
    }
    return envelope(connectors=[shown])


def _listed(entry: ListedConnector) -> dict[str, Any]:
    return {
        "name": entry.name,
        "title": entry.title,
        "category": entry.category,
        "formats": list(entry.formats),
        "flowSpecs": list(entry.flow_specs),
        "verified": entry.verified,
    }


def _parameters(params: Iterable[Parameter]) -> list[dict[str, Any]]:
    return [
        {
            "name": param.name,
            "need": param.need,
            "secret": param.secret,
            "meaning": param.meaning,
            "permitted": param.permitted,
        }
        for param in params
    ]

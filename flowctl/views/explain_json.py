"""Explanations as JSON documents."""

from typing import Any

from flowctl.model.explanation import Explainable, ExplainedCode, ExplainedDocument, ExplainedResource
from flowctl.views.envelope import envelope


def explainable_document(data: Explainable) -> dict[str, Any]:
    """The document of `explain` without a name."""
    return envelope(
        kinds=[{"kind": kind, "title": title} for kind, title in data.resources],
        documents=list(data.documents),
        codes=[{"code": code, "title": title, "area": area} for area, codes in data.areas for code, title in codes],
    )


def code_document(data: ExplainedCode) -> dict[str, Any]:
    """The document of a code."""
    return envelope(
        code=data.code,
        title=data.title,
        area=data.area,
        severities=list(data.severities),
        meaning=data.meaning,
        cure=data.cure,
        pages=list(data.pages),
    )


def resource_document(data: ExplainedResource) -> dict[str, Any]:
    """The document of a kind of address."""
    return envelope(
        kind=data.kind,
        title=data.title,
        meaning=data.meaning,
        declaredIn=list(data.declared_in),
        updates=data.updates,
        replacedBy=list(data.replaced_by),
        deletes=data.deletes,
        keptBecause=data.kept_because,
        pages=list(data.pages),
    )


def document_document(data: ExplainedDocument) -> dict[str, Any]:
    """The document of a kind of document."""
    return envelope(
        document=data.kind,
        meaning=data.meaning,
        creates=list(data.creates),
        keys=[{"path": key.path, "required": key.required, "meaning": key.meaning} for key in data.keys],
        example=data.example,
        pages=list(data.pages),
    )

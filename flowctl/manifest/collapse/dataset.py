"""Datasets as Dataset documents, and XDM schemas as Schema documents."""

from collections.abc import Mapping
from typing import Final

from flowctl.manifest.collapse.subject import API_VERSION, Subject, described, kept_rules, titled
from flowctl.model.json_value import JSON

_DATASET: Final = "dataset"
_SCHEMA: Final = "schema"
_OF_THE_PLATFORM: Final = ("adobe/", "acp_", "aep/")
"""How the tags begin that Experience Platform sets itself."""


def dataset(subject: Subject) -> Mapping[str, JSON]:
    """The document of a dataset, without the tags that Experience Platform sets."""
    attributes = subject.attributes[_DATASET]
    own = {
        name: values
        for name, values in (attributes.get("tags") or {}).items()
        if values and not name.startswith(_OF_THE_PLATFORM)
    }
    return {
        "apiVersion": API_VERSION,
        "kind": "Dataset",
        "metadata": {"name": subject.name},
        **titled(subject, attributes.get("name")),
        **described(attributes),
        "schema": subject.refers[_SCHEMA],
        **({"tags": own} if own else {}),
        **kept_rules(holds_data=True),
    }


def schema(subject: Subject) -> Mapping[str, JSON]:
    """The document of an XDM schema."""
    attributes = subject.attributes[_SCHEMA]
    return {
        "apiVersion": API_VERSION,
        "kind": "Schema",
        "metadata": {"name": subject.name},
        **titled(subject, attributes.get("title")),
        **described(attributes),
        "class": attributes["class"],
        **({"fieldGroups": attributes["fieldGroups"]} if attributes["fieldGroups"] else {}),
        **kept_rules(holds_data=False),
    }

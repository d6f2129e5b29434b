"""Datasets as Dataset documents."""

from collections.abc import Mapping
from typing import Final

from flowctl.manifest.collapse.subject import API_VERSION, Subject, described, kept_rules, titled
from flowctl.model.json_value import JSON

_DATASET: Final = "dataset"
_SCHEMA: Final = "schema"
_ENABLED: Final = {"unifiedProfile": ["enabled:true"], "unifiedIdentity": ["enabled:true"]}
"""The tags that `profile: true` stands for."""
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
    is_enabled = all(own.get(name) == values for name, values in _ENABLED.items())
    is_enabled = is_enabled and subject.used.get(_SCHEMA, {}).get("profile") is True
    own = {name: values for name, values in own.items() if not is_enabled or name not in _ENABLED}
    return {
        "apiVersion": API_VERSION,
        "kind": "Dataset",
        "metadata": {"name": subject.name},
        **titled(subject, attributes.get("name")),
        **described(attributes),
        "schema": subject.refers[_SCHEMA],
        **({"profile": True} if is_enabled else {}),
        **({"tags": own} if own else {}),
        **kept_rules(holds_data=True),
    }

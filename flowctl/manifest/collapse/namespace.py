"""Identity namespaces as Namespace documents."""

from collections.abc import Mapping
from typing import Final

from flowctl.manifest.collapse.subject import API_VERSION, Subject, described, kept_rules, titled
from flowctl.model.json_value import JSON

_NAMESPACE: Final = "namespace"
_TYPES: Final = ("Cookie", "Cross_device", "Device", "Email", "Mobile", "Non_people", "Phone")


def namespace(subject: Subject) -> Mapping[str, JSON]:
    """The document of an identity namespace, with its type as Identity Service's guide writes it."""
    attributes = subject.attributes[_NAMESPACE]
    types = {name.lower(): name for name in _TYPES}
    return {
        "apiVersion": API_VERSION,
        "kind": "Namespace",
        "metadata": {"name": subject.name},
        **titled(subject, attributes.get("name")),
        **described(attributes),
        "code": attributes["code"],
        "idType": types.get(str(attributes["idType"]).lower(), attributes["idType"]),
        **kept_rules(holds_data=False),
    }

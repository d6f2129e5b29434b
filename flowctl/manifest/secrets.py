"""Every secret of a document in clear, so that no output shows it."""

from collections.abc import Iterator
from typing import Final

from flowctl.manifest.auth_params import secret_scalars
from flowctl.manifest.document import Document
from flowctl.manifest.document_kind import DocumentKinds
from flowctl.manifest.lookalikes import without_lookalikes
from flowctl.manifest.registry import DOCUMENT_KINDS
from flowctl.model.json_value import JSON
from flowctl.model.resource import Sensitive

_TAGS_OF_YAML: Final = frozenset(
    "null bool int float binary timestamp omap pairs set str seq map merge value".split()  # noqa: SIM905 - short
)
_TAG: Final = "!"
"""What every tag begins with."""


def secrets_of(document: Document, kinds: DocumentKinds = DOCUMENT_KINDS) -> Iterator[JSON]:
    """Every secret of a document that is set, in clear.

    A substitution that was not made is not a secret: a message has to show it.
    """
    if not document.has_secrets:
        return
    for place in kinds[document.kind].secret_places(document):
        value, found = document.at(*place), document.substitution(*place)
        if not isinstance(value, Sensitive):
            if found is None or not found.unset:
                yield value
        else:
            yield without_lookalikes(value.value) if isinstance(value.value, str) else value.value
    if _TAG not in document.text():
        return
    for scalar in secret_scalars(document):
        # A password that begins with `!` and stands without quotes was read as a tag.
        tag = scalar.tag.removeprefix("tag:yaml.org,2002:").lstrip("!")
        if tag not in _TAGS_OF_YAML:
            yield tag


def name_in_clear(document: Document) -> str:
    """The name of a document, if it is written in the manifest."""
    return document.name if document.substitution("metadata", "name") is None else ""

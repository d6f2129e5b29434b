"""Tags that enable a dataset for Real-Time Customer Profile and Identity Service: their form and agreement."""

from collections.abc import Iterator
from typing import Final

from flowctl.late_pattern import late_pattern
from flowctl.manifest.document import Document
from flowctl.manifest.index import Index
from flowctl.model.diagnostic import Diagnostic, Severity
from flowctl.text.positions import Step
from flowctl.validation.wording import code, value_words

_FORMS: Final = {
    "unifiedProfile": late_pattern(r"(enabled|isUpsert): ?(true|false)\Z"),
    "unifiedIdentity": late_pattern(r"enabled: ?(true|false)\Z"),
}


def dataset_tags(document: Document, _index: Index) -> Iterator[Diagnostic]:
    """The tags of a Dataset document."""
    yield from _tags(document, ("tags",))


def inline_tags(document: Document, _index: Index) -> Iterator[Diagnostic]:
    """The tags of a dataset that a Pipeline declares in itself."""
    yield from _tags(document, ("dataset", "tags"))


def is_enabled(values: object) -> bool:
    """Whether the values of such a tag enable the dataset."""
    return isinstance(values, list) and any(str(value).replace(" ", "") == "enabled:true" for value in values)


def _tags(document: Document, path: tuple[Step, ...]) -> Iterator[Diagnostic]:
    tags = document.at(*path)
    if not isinstance(tags, dict):
        return
    for name, form in _FORMS.items():
        values = tags.get(name)
        for place, value in enumerate(values if isinstance(values, list) else ()):
            if isinstance(value, str) and not form.match(value):
                yield document.error(
                    "invalid-tag",
                    f"invalid value {value_words(document.shown(*path, name, place))} for the tag {code(name)}",
                    *path,
                    name,
                    place,
                    hint="Write `enabled:true` or `enabled:false`.",
                )
    if is_enabled(tags.get("unifiedIdentity")) and not is_enabled(tags.get("unifiedProfile")):
        yield document.error(
            "tags-disagree",
            "the dataset is enabled for Identity Service but not for Real-Time Customer Profile",
            *path,
            "unifiedIdentity",
            detail="Adobe's guides enable a dataset with both tags.",
            hint='Add `unifiedProfile: ["enabled:true"]`, or remove `unifiedIdentity`.',
            at_key=True,
            severity=Severity.WARNING,
        )

"""The head of a document: what is wrong if it does not tell which kind of manifest it is."""

from collections.abc import Iterator, Mapping, Sequence

from flowctl.manifest.document import Document
from flowctl.manifest.published import WORKSPACE
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.json_value import JSON
from flowctl.validation.wording import code, codes, did_you_mean, nearest, one_of, value_words

API_VERSION = "flowctl/v1"
_OTHER_YAML = "Keep other YAML files out of the folders in `manifests` of flowctl.yaml."


def not_a_mapping(document: Document, content: JSON) -> Diagnostic:
    """The document is a list or a scalar."""
    return document.error(
        "not-a-manifest",
        "a manifest must be a mapping",
        detail=f"Expected the keys `apiVersion`, `kind` and `metadata`, found {value_words(content)}.",
        hint=_OTHER_YAML,
    )


def unknown_head(document: Document, content: Mapping[str, JSON], kinds: Sequence[str]) -> Iterator[Diagnostic]:
    """What is wrong with a document whose kind is not one of `kinds`; nothing below can be checked."""
    if content.get("apiVersion") != API_VERSION:
        found = document.written("apiVersion") or value_words(document.shown("apiVersion"))
        yield document.error(
            "not-a-manifest",
            f"missing required key `apiVersion: {API_VERSION}`"
            if "apiVersion" not in content
            else f"unknown `apiVersion` {found}",
            "apiVersion",
            hint=f"Write `apiVersion: {API_VERSION}`. {_OTHER_YAML}",
        )
    if "kind" not in content:
        typo = nearest("kind", [key for key in content if key not in ("apiVersion", "metadata")])
        yield document.error(
            "missing-key",
            "missing required key `kind`",
            hint=f"Rename {code(typo)} to `kind`." if typo else f"Add `kind`: {one_of(codes(kinds))}.",
        )
    elif content["kind"] == WORKSPACE:
        yield document.error(
            "misplaced-workspace",
            "a Workspace document is not a manifest",
            "kind",
            detail="The only Workspace document is flowctl.yaml at the top of the workspace.",
            hint="Remove this document, or remove its folder from `manifests` in flowctl.yaml.",
        )
    else:
        near = nearest(document.kind, kinds)
        yield document.error(
            "unknown-kind",
            f"unknown kind {value_words(document.shown('kind'))}",
            "kind",
            detail="" if near else f"Expected {one_of(codes(kinds))}.",
            hint=did_you_mean(near, "Write one of these kinds."),
        )

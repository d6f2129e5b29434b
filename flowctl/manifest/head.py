"""The head of a document: what is wrong where it does not say which kind of manifest it is."""

from collections.abc import Iterator, Mapping, Sequence

from flowctl.manifest.document import Document
from flowctl.manifest.published import WORKSPACE
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.json_value import JSON
from flowctl.validation.wording import nearest, one_of, value_words

API_VERSION = "flowctl/v1"


def not_a_mapping(document: Document, content: JSON) -> Diagnostic:
    """The document is a list or a scalar."""
    return document.error(
        "not-a-manifest",
        "a manifest must be a mapping",
        detail=f"Expected the keys apiVersion, kind and metadata, found {value_words(content)}.",
        hint="Keep other YAML files out of the folders that `manifests` in flowctl.yaml names.",
    )


def unknown_head(document: Document, content: Mapping[str, JSON], kinds: Sequence[str]) -> Iterator[Diagnostic]:
    """What is wrong with a document whose kind is not one of `kinds`; nothing below can be checked."""
    if content.get("apiVersion") != API_VERSION:
        found = (
            f"found {document.written('apiVersion') or value_words(document.shown('apiVersion'))}"
            if "apiVersion" in content
            else "found no such key"
        )
        yield document.error(
            "not-a-manifest",
            f"apiVersion must be {API_VERSION}",
            "apiVersion",
            detail=f"Expected apiVersion: {API_VERSION}, {found}.",
            hint="Keep other YAML files out of the folders that `manifests` in flowctl.yaml names.",
        )
    if "kind" not in content:
        typo = nearest("kind", [key for key in content if key not in ("apiVersion", "metadata")])
        yield document.error(
            "missing-key",
            "kind is missing",
            detail=f"Expected one of {one_of(kinds)}.",
            hint=f"Rename {typo} to kind." if typo else "Add kind.",
        )
    elif content["kind"] == WORKSPACE:
        yield document.error(
            "misplaced-workspace",
            "a Workspace is not a manifest",
            "kind",
            detail="Only flowctl.yaml at the top of the workspace is one.",
            hint="Leave this folder out of `manifests` in flowctl.yaml.",
        )
    else:
        near = nearest(document.kind, kinds)
        yield document.error(
            "unknown-kind",
            f"there is no kind {value_words(document.shown('kind'))}",
            "kind",
            detail=f"Expected {one_of(kinds)}, found {value_words(document.shown('kind'))}.",
            hint=f"Did you mean {near}?" if near else "",
        )

"""What one kind of document is: its checks, what it refers to, and which resources it becomes.

The kind's published schema is `schemas/NAME.schema.json`, with NAME in lower case. `expand` leads from a document to
resources; `flowctl/manifest/collapse/` leads from live objects to a document.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from flowctl.manifest.document import Document, Substituted
from flowctl.manifest.index import Index, Named
from flowctl.model.attribute_path import Path
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.json_value import JSON, JSONObject
from flowctl.model.resource import Resource
from flowctl.text.positions import ValuePath
from flowctl.validation.problem import Problem

Writer: TypeAlias = Callable[[Document, Path, JSON], "Written | str"]
"""Where and how a document declares an attribute of one of its resources, or why it cannot, as a clause."""
Check: TypeAlias = Callable[[Document, Index], Iterator[Diagnostic]]
"""The problems of one document, apart from those that its schema finds."""
JointCheck: TypeAlias = Callable[[Sequence[Document]], Iterator[Diagnostic]]
"""The problems that documents of a workspace have with each other."""


class Scope(NamedTuple):
    """What a document may be transformed with: the environment, and the other documents by kind and name."""

    environment: str
    documents: Named


class Written(NamedTuple):
    """A value as a document declares it; None if the document is not to declare it any longer."""

    path: ValuePath
    value: JSON


class DocumentReference(NamedTuple):
    """A place that may hold the name of a document of a kind; anything but text in it refers to none.

    `may_be_id`: what no document is named may be an ID, as long as the workspace has no document of the kind.
    `only_names`: the place takes neither an ID nor a title.
    """

    to: str
    path: ValuePath
    may_be_id: bool = False
    only_names: bool = False


def no_resources(_document: Document, _documents: Named) -> Sequence[Resource]:
    """Expand a document that nothing on the platform stands for."""
    return ()


def no_files(_document: Document) -> Iterable[str]:
    """Name no file."""
    return ()


def no_advice(_document: Document, _fault: Problem) -> str:
    """Add nothing to what the schema says about a fault."""
    return ""


def no_secret_params(_content: JSONObject, _substituted: Substituted) -> Iterable[str]:
    """Name no parameter: a kind without credentials."""
    return ()


def no_secret_places(_document: Document) -> Iterable[ValuePath]:
    """Name no place: a kind in which no secret is expected."""
    return ()


def no_platform_keys() -> Iterable[str]:
    """Name no key: a kind whose schema describes every key."""
    return ()


def existence(_document: Document) -> str | None:
    """Show the checks of other documents that this one exists, and nothing of its content."""
    return ""


def no_references(_document: Document) -> Iterable[DocumentReference]:
    """Refer to no other document but at the places that every document of the kind has."""
    return ()


def always(_document: Document) -> bool:
    """Let the checks of each document depend on documents and on this release only."""
    return True


class DocumentKind(NamedTuple):
    """One kind of document. `name` is what its `kind` says.

    Reading: `transform` says what a document becomes before it is checked and expanded, in the environment at hand:
    itself, nothing, or other documents, each with diagnostics of what is wrong; None leaves every document as it is.
    `files` are the files that it names, relative to its own; they are read with it.
    `has_tenant` says that its resources have the tenant ID of the organization in them.
    `is_cacheable` allows that its content is kept in the cache of manifests: never for what may hold a secret.

    Checking: `references` may name other documents, and `more_references` in lists of one; each must exist, and
    `checks` ask for no others. `joint_checks` compare documents with each other. `advice` says how to cure a fault that
    the schema finds, where the kind knows better; empty where it does not. `platform_keys` are the places of keys that
    the platform describes, and not the schema. `shown_to_checks` is all that the checks of other documents depend on in
    one of this kind, as text, or None where they depend on more. `has_lasting_verdict` is false where the checks of a
    document ask the system.

    Secrets: `secret_params` names the parameters below `auth.params` that are secrets, before the document exists;
    `secret_places` are the places of all secrets in a finished document.

    Expanding: `expand` makes the resources of a document; the documents that it refers to exist. `makes` are the kinds
    of resources that it may make, by which a lockfile entry is known to belong to a document. `writers` lead back: for
    each kind of its resources, from a live attribute to the place and the form in which the document declares it.
    """

    name: str
    references: tuple[DocumentReference, ...] = ()
    more_references: Callable[[Document], Iterable[DocumentReference]] = no_references
    checks: tuple[Check, ...] = ()
    joint_checks: tuple[JointCheck, ...] = ()
    advice: Callable[[Document, Problem], str] = no_advice
    platform_keys: Callable[[], Iterable[str]] = no_platform_keys
    secret_params: Callable[[JSONObject, Substituted], Iterable[str]] = no_secret_params
    secret_places: Callable[[Document], Iterable[ValuePath]] = no_secret_places
    transform: Callable[[Document, Scope], Iterable[Document | Diagnostic]] | None = None
    expand: Callable[[Document, Named], Sequence[Resource]] = no_resources
    makes: frozenset[str] = frozenset()
    is_cacheable: bool = True
    shown_to_checks: Callable[[Document], str | None] = existence
    has_lasting_verdict: Callable[[Document], bool] = always
    files: Callable[[Document], Iterable[str]] = no_files
    has_tenant: bool = False
    writers: Mapping[str, Writer] = {}

    def references_of(self, document: Document) -> Iterable[DocumentReference]:
        """The places of a document that may hold the name of another one."""
        return (*self.references, *self.more_references(document))


DocumentKinds: TypeAlias = Mapping[str, DocumentKind]
"""The kinds of documents that a workspace may hold, by name."""

"""Select a part of a workspace: expressions become documents, and those become what a command works on."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Final

from flowctl.manifest.document import Document, Manifests
from flowctl.manifest.reading.discover import WORKSPACE_FILE
from flowctl.manifest.registry import DOCUMENT_KINDS
from flowctl.model.address import Address
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.errors import ManifestError
from flowctl.model.selection import Choice, DocumentKey, Selection
from flowctl.operations.changed_documents import changed_documents
from flowctl.validation.wording import all_of, code, codes, did_you_mean, nearest

_FORMS: Final = ("label:KEY=VALUE", "path:GLOB", "git:REF")
_Edges = Mapping[DocumentKey, Collection[DocumentKey]]


def choose(
    manifests: Manifests,
    selection: Selection,
    *,
    root: Path,
    environment: str,
    recorded: Callable[[], Iterable[Address]],
    along: Collection[str] = (),
) -> Choice:
    """What a selection chooses of a workspace; `recorded` gives the addresses that the lockfile has.

    Documents of the kinds in `along` are chosen with a document that they refer to, as a test is with its pipeline.

    What `--exclude` names is left out together with what depends on it, so that a choice never needs it. Raises
    ManifestError for an expression that is wrong or names nothing.
    """
    known = frozenset(_key(document) for document in manifests.documents)
    space = _Space(root, environment, manifests.documents, cache(lambda: _undescribed(recorded(), known)))
    found = [space.found(expression, "--select") for expression in selection.select]
    left_out = _union([space.found(expression, "--exclude") for expression in selection.exclude])
    taken = _union(found) if selection.select else _Found(documents=known, gone=space.unknown())
    users = _users(manifests.documents)
    excluded = _reached(left_out.documents, users)
    brought = frozenset(user for key in taken.documents for user in users.get(key, ()) if user[0] in along)
    chosen = (taken.documents | brought) - excluded
    unread = {document.file for document in manifests.documents if _key(document) in excluded - chosen}
    return Choice(
        selection=selection,
        documents=chosen,
        others=known - chosen,
        gone=taken.gone - left_out.gone,
        files=taken.files if selection.select else _files(manifests) - unread,
    )


def narrowed_manifests(manifests: Manifests, choice: Choice | None) -> Manifests:
    """The manifests with the chosen documents, what those need, and the problems that concern them; all without one.

    If something may be deleted, every problem counts: a file that cannot be read may describe it.
    """
    if choice is None:
        return manifests
    needed = _reached(choice.documents, _needs(manifests.documents))
    documents = tuple(document for document in manifests.documents if _key(document) in needed)
    files = {WORKSPACE_FILE, *choice.files}
    files |= {document.file for document in documents}
    files |= {named.path for document in documents for named in document.files.values()}
    kept = [
        problem
        for problem in manifests.diagnostics
        if choice.gone or problem.span is None or problem.span.file in files
    ]
    return replace(manifests, documents=documents, diagnostics=tuple(kept))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What one expression names."""

    documents: frozenset[DocumentKey] = frozenset()
    gone: frozenset[Address] = frozenset()
    files: frozenset[str] = frozenset()


def _union(parts: Sequence[_Found]) -> _Found:
    return _Found(
        documents=frozenset().union(*(part.documents for part in parts)),
        gone=frozenset().union(*(part.gone for part in parts)),
        files=frozenset().union(*(part.files for part in parts)),
    )


@dataclass(frozen=True, slots=True)
class _Space:
    """What expressions are read against; `unknown` gives the addresses that only the lockfile has."""

    root: Path
    environment: str
    documents: Sequence[Document]
    unknown: Callable[[], frozenset[Address]]

    def found(self, expression: str, option: str) -> _Found:
        """What an expression names; raises ManifestError if that is nothing, unless nothing changed in git."""
        prefix, colon, rest = expression.partition(":")
        if not colon:
            return self._named(expression, option)
        if prefix == "git" and rest:
            return self._changed(rest)
        if prefix == "path" and rest:
            return self._at_path(rest, option)
        key, equals, value = rest.partition("=")
        if prefix == "label" and key and equals:
            return self._labeled(key, value, option)
        raise ManifestError([_malformed(expression, prefix, option)])

    def _named(self, expression: str, option: str) -> _Found:
        documents = frozenset(_key(each) for each in self.documents if fnmatchcase(each.name, expression))
        is_glob = any(sign in expression for sign in "*?[")
        unknown = self.unknown() if is_glob or not documents else frozenset()
        gone = frozenset(address for address in unknown if fnmatchcase(address.name, expression))
        if not documents and not gone:
            names = {document.name for document in self.documents} | {address.name for address in unknown}
            near = f"label:{expression}" if "=" in expression else nearest(expression, names)
            raise ManifestError([_nothing(expression, option, near, "Write a name, a glob such as `shop-*`")])
        return _Found(documents=documents, gone=gone)

    def _labeled(self, key: str, value: str, option: str) -> _Found:
        labels = {_key(each): each.at("metadata", "labels") or {} for each in self.documents}
        documents = frozenset(
            known for known, own in labels.items() if key in own and fnmatchcase(str(own[key]), value)
        )
        if documents:
            return _Found(documents=documents)
        pairs = {f"label:{name}={own[name]}" for own in labels.values() for name in own}
        near = nearest(f"label:{key}={value}", pairs)
        raise ManifestError(
            [_nothing(f"label:{key}={value}", option, near, "Write a label that the manifests have below `labels`")]
        )

    def _at_path(self, pattern: str, option: str) -> _Found:
        form = _path_form(pattern)
        documents = frozenset(_key(document) for document in self.documents if form.match(document.file))
        files = {document.file for document in self.documents}
        if documents:
            return _Found(documents=documents, files=frozenset(file for file in files if form.match(file)))
        near = nearest(pattern, files | {file.rpartition("/")[0] for file in files} - {""})
        raise ManifestError(
            [
                _nothing(
                    f"path:{pattern}",
                    option,
                    f"path:{near}" if near else None,
                    "Write a path from the folder of flowctl.yaml",
                )
            ]
        )

    def _changed(self, ref: str) -> _Found:
        changed = changed_documents(self.root, ref, self.documents, self.environment)
        reached = _reached(changed.documents | changed.removed, _users(self.documents))
        known = frozenset(_key(document) for document in self.documents)
        gone = frozenset(address for address in self.unknown() if owners(address, changed.removed))
        return _Found(documents=reached & known, gone=gone, files=changed.files)


def owners(address: Address, documents: Collection[DocumentKey]) -> frozenset[DocumentKey]:
    """Those of the documents that may describe a recorded resource: by its name, and by what their kind makes."""
    named = ((kind, address.name) for kind, known in DOCUMENT_KINDS.items() if address.kind in known.makes)
    return frozenset(key for key in named if key in documents)


def _undescribed(recorded: Iterable[Address], documents: Collection[DocumentKey]) -> frozenset[Address]:
    return frozenset(address for address in recorded if not owners(address, documents))


def _path_form(pattern: str) -> re.Pattern[str]:
    """A glob of paths: `*` stays inside a folder, `**` does not; a folder stands for everything in it."""
    parts = re.split(r"(\*\*/?|\*|\?)", pattern.removeprefix("./").rstrip("/"))
    signs = {"**": ".*", "**/": "(?:.*/)?", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(signs.get(part, re.escape(part)) for part in parts) + r"(?:/.*)?\Z")


def _key(document: Document) -> DocumentKey:
    return document.kind, document.name


def _files(manifests: Manifests) -> frozenset[str]:
    reported = {problem.span.file for problem in manifests.diagnostics if problem.span is not None}
    return frozenset({document.file for document in manifests.documents} | reported)


def _needs(documents: Sequence[Document]) -> dict[DocumentKey, frozenset[DocumentKey]]:
    """For each document the ones that it refers to by name, whether they exist or not."""
    return {
        _key(document): frozenset(
            (reference.to, name)
            for reference in DOCUMENT_KINDS[document.kind].references
            if isinstance(name := document.at(*reference.path), str)
        )
        for document in documents
    }


def _users(documents: Sequence[Document]) -> _Edges:
    """For each document the ones that refer to it by name."""
    users: dict[DocumentKey, set[DocumentKey]] = {}
    for user, needs in _needs(documents).items():
        for need in needs:
            users.setdefault(need, set()).add(user)
    return users


def _reached(start: Iterable[DocumentKey], edges: _Edges) -> frozenset[DocumentKey]:
    reached: set[DocumentKey] = set()
    waiting = [*start]
    while waiting:
        key = waiting.pop()
        if key not in reached:
            reached.add(key)
            waiting.extend(edges.get(key, ()))
    return frozenset(reached)


def _nothing(expression: str, option: str, near: str | None, otherwise: str) -> Diagnostic:
    return Diagnostic(
        code="unknown-selection",
        summary=f"{code(expression)} in {option} matches nothing in the manifests or the lockfile",
        hint=did_you_mean(near, f"{otherwise}, or {all_of(codes(_FORMS))}."),
    )


def _malformed(expression: str, prefix: str, option: str) -> Diagnostic:
    known = [form.partition(":")[0] for form in _FORMS]
    near = next((form for form in _FORMS if form.startswith(f"{nearest(prefix, known)}:")), None)
    return Diagnostic(
        code="unknown-selection",
        summary=f"{code(expression)} in {option} is not a selection",
        detail=f"Expected a name, a glob such as `shop-*`, {code(_FORMS[0])}, {code(_FORMS[1])} or {code(_FORMS[2])}.",
        hint=did_you_mean(near, "Correct the expression."),
    )

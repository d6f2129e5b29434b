"""The expressions of `--select` and `--exclude`: what each of them names."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

from flowctl.manifest.document import Document
from flowctl.model.address import Address
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.errors import ManifestError
from flowctl.model.selection import DocumentKey
from flowctl.operations.document_graph import key_of, owners, reached, users_of
from flowctl.validation.wording import all_of, code, codes, did_you_mean, nearest

_FORMS: Final = ("label:KEY=VALUE", "path:GLOB", "git:REF")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one expression names."""

    documents: frozenset[DocumentKey] = frozenset()
    gone: frozenset[Address] = frozenset()
    files: frozenset[str] = frozenset()


def union(parts: Sequence[Found]) -> Found:
    """What several expressions name together."""
    return Found(
        documents=frozenset().union(*(part.documents for part in parts)),
        gone=frozenset().union(*(part.gone for part in parts)),
        files=frozenset().union(*(part.files for part in parts)),
    )


@dataclass(frozen=True, slots=True)
class Expressions:
    """What expressions are read against; `unknown` gives the addresses that only the lockfile has."""

    root: Path
    environment: str
    documents: Sequence[Document]
    unknown: Callable[[], frozenset[Address]]

    def found(self, expression: str, option: str) -> Found:
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

    def _named(self, expression: str, option: str) -> Found:
        documents = frozenset(key_of(each) for each in self.documents if fnmatchcase(each.name, expression))
        is_glob = any(sign in expression for sign in "*?[")
        unknown = self.unknown() if is_glob or not documents else frozenset()
        gone = frozenset(address for address in unknown if fnmatchcase(address.name, expression))
        if not documents and not gone:
            names = {document.name for document in self.documents} | {address.name for address in unknown}
            near = f"label:{expression}" if "=" in expression else nearest(expression, names)
            raise ManifestError([unknown_selection(expression, option, near)])
        return Found(documents=documents, gone=gone)

    def _labeled(self, key: str, value: str, option: str) -> Found:
        labels = {key_of(each): each.at("metadata", "labels") or {} for each in self.documents}
        documents = frozenset(
            known for known, own in labels.items() if key in own and fnmatchcase(str(own[key]), value)
        )
        if documents:
            return Found(documents=documents)
        pairs = {f"label:{name}={own[name]}" for own in labels.values() for name in own}
        near = nearest(f"label:{key}={value}", pairs)
        raise ManifestError(
            [_nothing(f"label:{key}={value}", option, near, "Write a label that the manifests have below `labels`")]
        )

    def _at_path(self, pattern: str, option: str) -> Found:
        form = _path_form(pattern)
        documents = frozenset(key_of(document) for document in self.documents if form.match(document.file))
        files = {document.file for document in self.documents}
        if documents:
            return Found(documents=documents, files=frozenset(file for file in files if form.match(file)))
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

    def _changed(self, ref: str) -> Found:
        from flowctl.operations.changed_documents import changed_documents  # it starts a program, and few plans need it

        changed = changed_documents(self.root, ref, self.documents, self.environment)
        found = reached(changed.documents | changed.removed, users_of(self.documents))
        known = frozenset(key_of(document) for document in self.documents)
        gone = frozenset(address for address in self.unknown() if owners(address, changed.removed))
        return Found(documents=found & known, gone=gone, files=changed.files)


def _path_form(pattern: str) -> re.Pattern[str]:
    """A glob of paths: `*` stays inside a folder, `**` does not; a folder stands for everything in it."""
    parts = re.split(r"(\*\*/?|\*|\?)", pattern.removeprefix("./").rstrip("/"))
    signs = {"**": ".*", "**/": "(?:.*/)?", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(signs.get(part, re.escape(part)) for part in parts) + r"(?:/.*)?\Z")


def unknown_selection(expression: str, option: str, near: str | None) -> Diagnostic:
    """A name or glob that fits nothing."""
    return _nothing(expression, option, near, "Write a name, a glob such as `shop-*`")


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

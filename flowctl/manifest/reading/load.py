"""Load the manifests of a workspace: checked documents, and every problem of every file in one run.

This module reads files; everything that it calls with their content is pure. It creates thousands of small objects that
last: a program that loads large workspaces is faster if it pauses the garbage collector meanwhile.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from flowctl.late_pattern import late_pattern
from flowctl.manifest.auth_params import secret_scalars
from flowctl.manifest.checking import checked
from flowctl.manifest.document import Document, Manifests
from flowctl.manifest.document_kind import DocumentKinds
from flowctl.manifest.finish import finish, known_documents
from flowctl.manifest.index import Index
from flowctl.manifest.lookalikes import may_hold_lookalikes
from flowctl.manifest.misplaced import belongs
from flowctl.manifest.reading.discover import SMALLEST, Folder, discover, unreadable
from flowctl.manifest.reading.named_files import named_file
from flowctl.manifest.reading.pulled_schemas import pulled_schemas
from flowctl.manifest.reading.selection import selected
from flowctl.manifest.registry import DOCUMENT_KINDS
from flowctl.manifest.transforming import transformed
from flowctl.model.diagnostic import Diagnostic, Severity, SourceSpan
from flowctl.model.json_value import JSON
from flowctl.model.resource import Sensitive
from flowctl.model.tenant import TENANT
from flowctl.regular_file import TooLarge, read_regular
from flowctl.text.bounded import MOST, bounded
from flowctl.text.positions import Step
from flowctl.text.reader import read
from flowctl.text.source import MOST_BYTES, TextProblem, decode, too_large
from flowctl.text.substitution import Expand, Expanded, expander
from flowctl.validation.wording import one_of

if TYPE_CHECKING:
    from flowctl.manifest.reading.cache import ManifestCache
    from flowctl.manifest.reading.file_digests import FileDigests

_ANCHOR = late_pattern(r"(?:^|[\s,\[{:?-])&\S")
"""The beginning of an anchor, without which there is no alias; it may also match in a string, which does no harm."""


def load(
    workspace: Folder,
    *,
    variables: Mapping[str, JSON],
    environ: Mapping[str, str],
    paths: Sequence[Path] = (),
    environment: str = "",
    kinds: DocumentKinds = DOCUMENT_KINDS,
    edited: Mapping[str, bytes] | None = None,
    tenant: Callable[[], str] = str,
    has_digest: bool = True,
) -> Manifests:
    """Every document of an environment and every problem. Bad content is reported, never raised.

    `paths` selects the files whose problems are reported. References still reach the whole workspace. `edited` holds
    files as they would be after an edit, which are read in place of those on disk. `tenant` gives the tenant ID of the
    organization if it is known; it is asked once, and only if a document needs it. Without
    `has_digest` the digest of the manifests stays empty, which takes less time.
    """
    files, problems, regular = discover(workspace)
    unread = {problem.span.file: str(workspace.root / problem.span.file) for problem in problems if problem.span}
    wanted, missing = selected(workspace.root, {**unread, **files}, paths)
    pulled, damaged = pulled_schemas(workspace.root, environment)
    cache = _cache_of(workspace.root, environ, kinds) if len(files) >= SMALLEST else None
    digests = _digests() if has_digest or cache is not None else None
    loading = _Loading(variables, environ, cache, digests, [*problems], kinds, workspace.root)
    loading.tenant = lambda: tenant() or pulled.tenant.removeprefix("_")
    for file, path in files.items():
        loading.read(file, path, (edited or {}).get(file), is_listed=file in regular)
    documents, faults = transformed(loading.documents, environment, kinds)
    found = [*loading.found, *faults, *damaged]
    index = Index.of(documents, loading.unread, partial(belongs, kinds), pulled)
    found += _checked(documents, index, found, kinds, loading, workspace.rules)
    if cache is not None:
        cache.save()
    if not loading.documents and not found:
        found.append(_empty(workspace))
    if wanted is not None:
        wanted |= {named.path for document in documents if document.file in wanted for named in document.files.values()}
    kept = [problem for problem in found if wanted is None or problem.span is None or problem.span.file in wanted]
    return Manifests(
        documents=tuple(documents),
        diagnostics=bounded([*kept, *missing]),
        digest=loading.digest() if has_digest else "",
        pulled=pulled,
        lacks_tenant=loading.lacks_tenant,
    )


def _cache_of(root: Path, environ: Mapping[str, str], kinds: DocumentKinds) -> "ManifestCache | None":
    """The cache of a workspace, if there is one. Imported here, because small workspaces have none."""
    from flowctl.manifest.reading.cache import cache_of

    found = cache_of(root, environ, kinds)
    return None if found.is_off else found


def _digests() -> "FileDigests":
    """The digests of files. Imported here, because a validation of a small workspace needs none."""
    from flowctl.manifest.reading.file_digests import FileDigests

    return FileDigests()


def _checked(
    documents: Sequence[Document],
    index: Index,
    said: Sequence[Diagnostic],
    kinds: DocumentKinds,
    loading: "_Loading",
    rules: Mapping[str, str],
) -> Sequence[Diagnostic]:
    """The problems of documents. A cached verdict is used, and a new good one is cached."""
    cache = loading.cache
    if cache is None:
        return checked(documents, index, said, kinds, frozenset(), rules).problems
    from flowctl.manifest.verdicts import basis

    rests_on = {key: basis(members, index, kinds) for key, members in loading.kept.items()}
    passed = {key for key, each in rests_on.items() if each is not None and cache.is_good(key, each)}
    known_good = {document for key in passed for document in loading.kept[key]}
    found = checked(documents, index, said, kinds, known_good, rules)

    def is_lasting(document: Document) -> bool:
        return document in found.good and kinds[document.kind].has_lasting_verdict(document)

    for key, each in rests_on.items():
        if each is not None and key not in passed and all(map(is_lasting, loading.kept[key])):
            cache.put_good(key, each)
    return found.problems


class _Loading:
    """What has been read so far.

    `unread` are the files of which some documents are unknown; `kept` are the cached documents, by the digest of their
    file.
    """

    def __init__(
        self,
        variables: Mapping[str, JSON],
        environ: Mapping[str, str],
        cache: "ManifestCache | None",
        digests: "FileDigests | None",
        found: list[Diagnostic],
        kinds: DocumentKinds,
        root: Path,
    ) -> None:
        self._root = root
        self.documents: list[Document] = []
        self.unread: list[str] = []
        self.kept: dict[str, Sequence[Document]] = {}
        self.found = found
        self.cache = cache
        self._kinds = kinds
        self._variables = variables
        self._expander: Expand = expander(variables, environ)
        self._has_expanded = False
        self._digests = digests
        self.tenant: Callable[[], str] = str
        self._tenant: str | None = None

    @property
    def lacks_tenant(self) -> bool:
        """Whether a document needs the tenant ID, and nobody knows it."""
        return self._tenant == ""

    def read(self, file: str, path: str, edited: bytes | None = None, *, is_listed: bool = False) -> None:
        """Add the documents of a file, or of what it would be after an edit, and its problems."""
        try:
            data = read_regular(path, MOST_BYTES, is_listed=is_listed) if edited is None else edited
        except TooLarge:
            self.found.append(diagnostic(file, too_large()))
            self.unread.append(file)
            return
        except OSError as error:
            self.found.append(unreadable(file, error))
            self.unread.append(file)
            return
        key = self._digests.add(file, data) if self._digests is not None else ""
        known = self.cache.get(key) if self.cache is not None else None
        if known is not None:
            has_tenant = TENANT.encode() in data
            documents = [self._with_files(each, has_tenant) for each in known_documents(known, data, file)]
            self.documents += documents
            self._keep(key, documents)
        else:
            self._parse(file, data, key)

    def _parse(self, file: str, data: bytes, key: str) -> None:
        text = decode(data)
        if isinstance(text, TextProblem):
            self.found.append(diagnostic(file, text))
            self.unread.append(file)
            return
        self._has_expanded = False
        reading = read(text, self._expand)
        problems: list[Diagnostic] = []
        documents: list[Document] = []
        errors = 0
        has_lookalikes, has_tenant = may_hold_lookalikes(text), TENANT in text
        for built in reading.documents:
            if errors > MOST:  # no more are told, and this file counts as not read
                break
            document, faults = finish(built, file, self._variables, has_lookalikes=has_lookalikes, kinds=self._kinds)
            problems += faults
            errors += sum(fault.severity is Severity.ERROR for fault in faults)
            if document is not None:
                documents.append(self._with_files(document, has_tenant))
        problems += [diagnostic(file, problem) for problem in _outside_secrets(reading.problems, documents)]
        self.found += problems
        self.documents += documents
        if not reading.complete or len(documents) < len(reading.documents):
            self.unread.append(file)
        elif (
            self.cache is not None
            and not problems
            and not self._has_expanded
            and not ("&" in text and _ANCHOR.search(text))  # what an alias repeats would be written out
            and not any(True for document in documents for _ in self._kinds[document.kind].secret_places(document))
            and self.cache.put(key, [document.content for document in documents])
        ):
            self._keep(key, documents)

    def _with_files(self, document: Document, has_tenant: bool) -> Document:
        """The document with the files that it refers to, and with the tenant ID if it needs it.

        The content of the files is part of the digest.
        """
        kind = self._kinds[document.kind]
        files = {name: named_file(self._root, document.file, name) for name in kind.files(document)}
        if not (files or has_tenant or kind.has_tenant):
            return document  # as nearly every one
        if self._digests is not None:
            for named in files.values():
                text = named.text if isinstance(named.text, str) else named.text.code
                self._digests.add(named.path, text.encode("utf-8", "surrogatepass"))
        texts = (named.text for named in files.values() if isinstance(named.text, str))
        if has_tenant or kind.has_tenant or any(TENANT in text for text in texts):
            if self._tenant is None:
                self._tenant = self.tenant()
            return replace(document, files=files, tenant=self._tenant)
        return replace(document, files=files)

    def _keep(self, key: str, documents: Sequence[Document]) -> None:
        """Note the cached documents of a file. A second file with the same bytes adds to them."""
        self.kept[key] = [*self.kept.get(key, ()), *documents]

    def _expand(self, raw: str) -> Expanded:
        """A scalar after substitution. An escape in double quotes may create one that the text does not show."""
        self._has_expanded = True
        return self._expander(raw)

    def digest(self) -> str:
        """A digest of all files and of the variables that they use, without secrets.

        A secret could be guessed from a digest without a salt."""
        used = {name for document in self.documents for found in _not_secret(document) for name in found.variables}
        variables = {name: self._variables[name] for name in sorted(used)}
        return self._digests.of_all(variables) if self._digests is not None else ""


def _not_secret(document: Document) -> Iterator[Expanded]:
    """The scalars after substitution that are not part of a secret."""
    hidden = {id(document.substitution(*path)) for path in _secrets(document.content)} if document.expanded else set()
    return (found for found in document.expanded.values() if id(found) not in hidden)


def _secrets(value: JSON, path: tuple[Step, ...] = ()) -> Iterator[tuple[Step, ...]]:
    if isinstance(value, Sensitive):
        yield path
    elif isinstance(value, dict):
        for key, member in value.items():
            yield from _secrets(member, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _secrets(item, (*path, index))


def _outside_secrets(problems: Sequence[TextProblem], documents: Sequence[Document]) -> Iterator[TextProblem]:
    """The problems without those of numbers in secrets. A secret is the string as written, and is never shown."""
    places: set[tuple[int, int]] | None = None
    for problem in problems:
        if problem.code in ("leading-zeros", "number-not-json"):
            if places is None:
                marks = (node.start_mark for document in documents for node in secret_scalars(document))
                places = {(mark.line + 1, mark.column + 1) for mark in marks}
            if (problem.line, problem.column) in places:
                continue
        yield problem


def diagnostic(file: str, problem: TextProblem) -> Diagnostic:
    """The problem of a text as a diagnostic."""
    return Diagnostic(
        code=problem.code,
        summary=problem.summary,
        severity=Severity.WARNING if problem.warning else Severity.ERROR,
        detail=problem.detail,
        hint=problem.hint,
        span=SourceSpan(file=file, line=problem.line, column=problem.column),
    )


def _empty(workspace: Folder) -> Diagnostic:
    folders = one_of([str(Path(os.path.normpath(workspace.root / folder))) for folder in workspace.manifests])
    return Diagnostic(
        code="no-manifests",
        summary="the workspace has no manifests",
        detail=f"No `.yaml` or `.yml` file in {folders} has a document.",
        hint="Write a manifest, or correct `manifests` in flowctl.yaml.",
        span=SourceSpan(file="flowctl.yaml"),
    )

"""Read a workspace's manifests: files to checked documents, every problem of every file in one run.

This module reads files; everything that it calls with their texts is pure.
"""

import errno
import gc
import hashlib
import json
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from flowctl.manifest.checks import checked
from flowctl.manifest.discover import Folder, discover, unreadable
from flowctl.manifest.document import Document, Manifests
from flowctl.manifest.settle import settle
from flowctl.manifest.source_text import MOST_BYTES, TextProblem, decode
from flowctl.manifest.substitute import Expand, expander
from flowctl.manifest.yaml_reader import read
from flowctl.model.diagnostic import Diagnostic, Severity, SourceSpan, in_file_order
from flowctl.model.json_value import JSON


def load(
    workspace: Folder,
    *,
    variables: Mapping[str, JSON],
    environ: Mapping[str, str],
    paths: Sequence[Path] = (),
) -> Manifests:
    """Every document and every problem. Bad content is reported, never raised.

    `paths` narrows which files' problems are reported; references still reach the whole workspace.
    """
    files, problems = discover(workspace)
    wanted, missing = _selected(workspace.root, files, paths)
    expand = expander(variables, environ)
    documents: list[Document] = []
    found: list[Diagnostic] = [*problems]
    unread: list[str] = []
    digest = hashlib.sha256()
    with _no_collection():
        for file, path in files.items():
            try:
                data = _bytes(path)
            except OSError as error:
                found.append(unreadable(file, error))
                unread.append(file)
                continue
            digest.update(f"{file}\n{len(data)}\n".encode())
            digest.update(data)
            complete = _read_file(file, data, expand, variables, documents, found)
            if not complete:
                unread.append(file)
        found.extend(checked(documents, unread, found))
    digest.update(_used(documents, variables))
    if not documents and not found:
        found.append(_empty(workspace))
    kept = [problem for problem in found if wanted is None or problem.span is None or problem.span.file in wanted]
    return Manifests(
        documents=tuple(documents), diagnostics=in_file_order([*kept, *missing]), digest=digest.hexdigest()
    )


def _bytes(path: Path) -> bytes:
    """The file's bytes, cut behind the largest size. A pipe or a device is refused: reading it may never end."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "it is not a regular file")
    with path.open("rb") as stream:
        return stream.read(min(status.st_size, MOST_BYTES) + 1)


def _read_file(
    file: str,
    data: bytes,
    expand: Expand,
    variables: Mapping[str, JSON],
    documents: list[Document],
    found: list[Diagnostic],
) -> bool:
    """Add what a file holds; whether every document of it is known."""
    text = decode(data)
    if isinstance(text, TextProblem):
        found.append(diagnostic(file, text))
        return False
    reading = read(text, expand)
    found.extend(diagnostic(file, problem) for problem in reading.problems)
    complete = reading.complete
    for built in reading.documents:
        document, problems = settle(built, file, variables)
        found.extend(problems)
        if document is not None:
            documents.append(document)
        complete = complete and document is not None
    return complete


def diagnostic(file: str, problem: TextProblem) -> Diagnostic:
    """A problem of a text as a diagnostic of its file."""
    return Diagnostic(
        code=problem.code,
        summary=problem.summary,
        severity=Severity.WARNING if problem.warning else Severity.ERROR,
        detail=problem.detail,
        hint=problem.hint,
        span=SourceSpan(file=file, line=problem.line, column=problem.column),
    )


def _selected(
    root: Path, files: Mapping[str, Path], paths: Sequence[Path]
) -> tuple[frozenset[str] | None, list[Diagnostic]]:
    """The files that the paths name, None for all of them, and what is wrong with the paths."""
    if not paths:
        return None, []
    real = {file: path.resolve() for file, path in files.items()}
    wanted: set[str] = set()
    missing: list[Diagnostic] = []
    for path in paths:
        chosen = path if path.is_absolute() or path.exists() else root / path
        named = {file for file, place in real.items() if place.is_relative_to(chosen.resolve())}
        wanted |= named
        if not named:
            missing.append(
                Diagnostic(
                    code="path-not-found",
                    summary=f"{path} holds no manifest of this workspace",
                    detail="It does not exist, or lies outside the folders that `manifests` in flowctl.yaml names.",
                    hint="Name a manifest file or a folder of them.",
                )
            )
    return frozenset(wanted), missing


def _used(documents: Iterable[Document], variables: Mapping[str, JSON]) -> bytes:
    """The variables that the documents use, for the digest. The environment's values are left out: secrets."""
    names = {name for document in documents for found in document.expanded.values() for name in found.variables}
    return json.dumps({name: variables[name] for name in sorted(names)}, default=str).encode()


def _empty(workspace: Folder) -> Diagnostic:
    folders = ", ".join(workspace.manifests)
    return Diagnostic(
        code="no-manifests",
        summary="the workspace holds no manifest",
        detail=f"No *.yaml or *.yml file with a document was found below {folders}.",
        hint="Write a manifest, or correct `manifests` in flowctl.yaml.",
        span=SourceSpan(file="flowctl.yaml"),
    )


@contextmanager
def _no_collection() -> Iterator[None]:
    """No garbage collection while thousands of small lasting objects are made: it would take half of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()

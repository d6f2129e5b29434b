"""Find and read flowctl.yaml, and choose an environment of it."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from flowctl.manifest.document import Document
from flowctl.manifest.reading.discover import WORKSPACE_FILE, reason, unreadable
from flowctl.manifest.reading.load import diagnostic
from flowctl.manifest.shape import shape_problems
from flowctl.model.diagnostic import Diagnostic, Severity, SourceSpan, has_errors, in_file_order
from flowctl.model.errors import ManifestError
from flowctl.model.moves import Rename
from flowctl.regular_file import TooLarge, read_regular
from flowctl.settings.declaration import EnvironmentDeclaration
from flowctl.settings.environment import Environment
from flowctl.settings.environment import resolve as environment
from flowctl.settings.moved import rename_problems, renames
from flowctl.settings.variables import variables
from flowctl.specs.active import NONE, OwnSpecs, use
from flowctl.text.built import Built
from flowctl.text.reader import read
from flowctl.text.source import MOST_BYTES, TextProblem, decode, too_large
from flowctl.text.substitution import verbatim
from flowctl.validation.wording import all_of, code, codes, did_you_mean, nearest, quoted

__all__ = ["Environment", "EnvironmentDeclaration", "Workspace", "environment", "find", "variables"]

LOCAL = "local"
_POLICIES: Final = "policies"
"""The folder that is always read, if the workspace has it."""
_SMALLEST: Final = "the lines `apiVersion: flowctl/v1` and `kind: Workspace`"


class Workspace(NamedTuple):
    """The content of flowctl.yaml. `environments` always has `local`; `document` has the places of its values.

    `own_specs` are those of the folder `specs`, and `spec_problems` what is wrong with its files.
    """

    root: Path
    manifests: tuple[str, ...] = (".",)
    default_environment: str = LOCAL
    environments: Mapping[str, EnvironmentDeclaration] = {LOCAL: EnvironmentDeclaration(name=LOCAL)}
    max_delete: int | None = None
    moved: tuple[Rename, ...] = ()
    rules: Mapping[str, str] = {}
    own_specs: OwnSpecs = NONE
    spec_problems: Sequence[Diagnostic] = ()
    document: Document | None = None

    def max_delete_place(self) -> SourceSpan | None:
        """The place of `maxDelete`, or of the whole file."""
        return self.document.span("maxDelete") if self.document else None

    def place(self, folder: str) -> SourceSpan:
        """The place of a folder in `manifests`; of the whole file if it is not written there."""
        if self.document is not None:
            for index, written in reversed([*enumerate(_folders(self.document))]):
                if written == folder:
                    return self.document.span("manifests", index)
        return SourceSpan(file=WORKSPACE_FILE)


def find(start: Path) -> Workspace:
    """The workspace that a folder is in. Raises ManifestError if there is none or its file is wrong.

    From then on this process knows the specs of that workspace, in place of those of another one.
    """
    use(NONE)
    try:
        folder = Path(start).absolute()
    except OSError as error:  # the current folder was removed
        raise _not_found(str(start), f"The current folder cannot be read: {reason(error)}.") from error
    for candidate in (folder, *folder.parents):
        try:
            data = read_regular(candidate / WORKSPACE_FILE, MOST_BYTES)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except TooLarge as error:
            raise ManifestError([diagnostic(WORKSPACE_FILE, too_large())]) from error
        except OSError as error:
            if isinstance(error, PermissionError) and candidate != folder:
                continue
            raise ManifestError([unreadable(WORKSPACE_FILE, error)]) from error
        workspace = parse(data, candidate)
        use(workspace.own_specs)
        return workspace
    is_folder = os.path.isdir(folder)  # noqa: PTH112 - Path.is_dir raises for some names
    raise _not_found(
        str(start),
        "" if is_folder else "The folder does not exist.",
        _hint(folder),
    )


def _not_found(
    start: str, detail: str, hint: str = "Change to the folder of a workspace, or use `-C DIR`."
) -> ManifestError:
    return ManifestError.because(
        "workspace-not-found",
        f"there is no {WORKSPACE_FILE} in {start} or in a folder above it",
        detail=detail,
        hint=hint,
    )


def _hint(folder: Path) -> str:
    others = (path / "flowctl.yml" for path in (folder, *folder.parents))
    if any(os.path.isfile(other) for other in others):  # noqa: PTH113 - as above
        return "Rename flowctl.yml to flowctl.yaml."
    return "Run `flowctl init` to begin one, change to the folder of a workspace, or use `-C DIR`."


def parse(data: bytes, root: Path) -> Workspace:
    """The workspace in the bytes of its file. Raises ManifestError with every problem of it."""
    text = decode(data)
    if isinstance(text, TextProblem):
        raise ManifestError([diagnostic(WORKSPACE_FILE, text)])
    reading = read(text, verbatim)
    problems = [diagnostic(WORKSPACE_FILE, problem) for problem in reading.problems]
    if has_errors(problems):
        raise ManifestError(in_file_order(problems))
    if len(reading.documents) != 1:
        raise ManifestError([_not_one(reading.documents)])
    built = reading.documents[0]
    document = Document(
        kind="Workspace",
        name="",
        content=built.value if isinstance(built.value, dict) else {},
        file=WORKSPACE_FILE,
        composed=built.composed,
    )
    problems = shape_problems(document, built.value)
    content = document.content
    if not has_errors(problems):
        problems += _semantic(document)
    if has_errors(problems):
        raise ManifestError(in_file_order(problems))
    declared = {
        str(name): EnvironmentDeclaration(name=str(name), content=value or {}, document=document)
        for name, value in (content.get("environments") or {}).items()
    }
    own, spec_problems = _own_specs(document, root)
    return Workspace(
        root=root,
        manifests=_with_policies(_folders(document), root),
        default_environment=content.get("defaultEnvironment", LOCAL),
        environments={LOCAL: EnvironmentDeclaration(name=LOCAL, document=document), **declared},
        max_delete=content.get("maxDelete"),
        moved=renames(document),
        rules=content.get("rules") or {},
        own_specs=own,
        spec_problems=spec_problems,
        document=document,
    )


def _folders(document: Document) -> tuple[str, ...]:
    """The folders of manifests that flowctl.yaml names."""
    return tuple(document.content.get("manifests", (".",)))


def _own_specs(document: Document, root: Path) -> tuple[OwnSpecs, Sequence[Diagnostic]]:
    folder = document.content.get("specs")
    if folder is None:
        return NONE, ()
    # Imported here, because most workspaces have none.
    from flowctl.manifest.reading.own_specs import own_specs_in

    return own_specs_in(root, folder, document.span("specs"))


def _with_policies(folders: tuple[str, ...], root: Path) -> tuple[str, ...]:
    """The folders to read: with that of policies, if there is one that is not read already."""
    if {_POLICIES, "."} & {os.path.normpath(folder) for folder in folders}:
        return folders
    return (*folders, _POLICIES) if os.path.isdir(root / _POLICIES) else folders  # noqa: PTH112 - as above


def _semantic(document: Document) -> list[Diagnostic]:
    default = document.at("defaultEnvironment")
    names = list(dict.fromkeys([LOCAL, *(document.at("environments") or {})]))
    found = [*_equal_but_for_case(document, names), *rename_problems(document)]
    if default is not None and default not in names:
        found.append(
            document.error(
                "unknown-environment",
                f"there is no environment {quoted(default)}",
                "defaultEnvironment",
                detail=f"Known environments: {all_of(codes(names))}.",
                hint=did_you_mean(nearest(str(default), names), "Use one of these, or add it to `environments`."),
            )
        )
    return found


def _equal_but_for_case(document: Document, names: list[str]) -> list[Diagnostic]:
    """Environments that share a lockfile on systems that ignore the case of file names, as Windows and macOS do."""
    first: dict[str, str] = {}
    for name in names:
        first.setdefault(name.lower(), name)
    return [
        Diagnostic(
            code="environments-differ-in-case",
            summary=f"the environments {code(first[name.lower()])} and {code(name)} differ only in case",
            detail="On Windows and macOS both would use the same lockfile.",
            hint=f"Rename {code(name)}, and rename its lockfile too.",
            span=document.key_span("environments", name),
        )
        for name in names
        if first[name.lower()] != name
    ]


def _not_one(documents: tuple[Built, ...]) -> Diagnostic:
    place = documents[1].root.start_mark.line + 1 if documents else 1
    return Diagnostic(
        code="several-documents" if documents else "empty-workspace-file",
        summary=f"{WORKSPACE_FILE} {'has several documents' if documents else 'is empty'}",
        severity=Severity.ERROR,
        detail="Expected one document of kind `Workspace`.",
        hint="Move the other documents to files in the folders of `manifests`." if documents else f"Write {_SMALLEST}.",
        span=SourceSpan(file=WORKSPACE_FILE, line=place),
    )

"""What git knows of a workspace: the files that changed since a commit, and what they held there.

Git runs as a program of its own. File names pass as bytes that end with NUL, so that any name is safe.
"""

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flowctl.model.errors import ManifestError

_SAFE: Final = ("-c", "core.fsmonitor=false", "-c", "core.quotePath=false", "--no-pager")
"""A repository may configure programs that git runs; none is needed here."""
_NOT_INHERITED: Final = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"})
"""What a hook of another repository, or of this one, sets for its own commands."""
_FILES: Final = ("100644", "100755")


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """The files of a workspace that differ from a commit: for each path, the ID of its old text, None for a new file.

    `commit` is where the present branch left the named one.
    """

    commit: str
    files: Mapping[str, str | None]


def changed_since(root: Path, ref: str) -> Since:
    """The files below a folder that changed since a branch left `ref`, uncommitted and new ones included.

    Raises ManifestError without git, without a repository, for an unknown reference and for a missing history.
    """
    _require_repository(root, ref)
    commit = _merge_base(root, ref, _commit(root, ref))
    changed = dict(_differing(root, commit))
    others = _run(root, "ls-files --others --exclude-standard -z -- .").stdout
    changed.update((os.fsdecode(path), None) for path in others.split(b"\0") if path)
    return Since(commit=commit, files=changed)


def text_of(root: Path, blob: str) -> bytes:
    """The bytes of a file as git keeps it."""
    return _require(_run(root, "cat-file blob", blob)).stdout


def _require_repository(root: Path, ref: str) -> None:
    found = _run(root, "rev-parse --is-inside-work-tree")
    if found.returncode:
        raise ManifestError.because(
            "no-git-repository",
            f"`git:{ref}` needs a git repository, and {root} is not in one that git can read",
            detail=_said(found),
            hint="Run flowctl in a clone of the repository, or select by name, label or path.",
        )


def _commit(root: Path, ref: str) -> str:
    found = _run(root, "rev-parse --verify --quiet --end-of-options", f"{ref}^{{commit}}")
    if found.returncode or not ref or ref.startswith("-"):
        remote = "origin/" in ref
        raise ManifestError.because(
            "unknown-git-ref",
            f'git knows no branch, tag or commit "{ref}" here',
            hint=f"Fetch it with `git fetch origin {ref.removeprefix('origin/')}`, or correct the name."
            if remote
            else "Run `git branch --all` to see the branches, or fetch the branch with `git fetch`.",
        )
    return found.stdout.decode().strip()


def _merge_base(root: Path, ref: str, commit: str) -> str:
    found = _run(root, "merge-base HEAD", commit)
    if found.returncode == 0:
        return found.stdout.split()[0].decode()
    shallow = _run(root, "rev-parse --is-shallow-repository").stdout.strip() == b"true"
    raise ManifestError.because(
        "no-common-commit",
        f'git finds no commit that this branch and "{ref}" have in common',
        detail="The clone is shallow: it lacks older commits." if shallow else _said(found),
        hint="Run `git fetch --unshallow`, or set `fetch-depth: 0` of actions/checkout."
        if shallow
        else "Choose a branch that this one began at.",
    )


def _differing(root: Path, commit: str) -> Iterator[tuple[str, str | None]]:
    """The tracked files that differ, renamed ones under both names."""
    options = "--raw -z --no-abbrev --no-renames --no-ext-diff --no-textconv --relative"
    parts = _require(_run(root, f"diff {options}", commit, "--", ".")).stdout.split(b"\0")
    for about, path in zip(parts[::2], parts[1::2], strict=False):
        mode, _, blob, *_rest = about.decode().removeprefix(":").split(" ")
        yield os.fsdecode(path), blob if mode in _FILES else None


def _run(root: Path, command: str, *words: str) -> "subprocess.CompletedProcess[bytes]":
    """Run git on a folder: a command with its options, and the words that are not flowctl's own."""
    environ = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
    environ |= {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    try:
        return subprocess.run(
            ["git", "-C", str(root), *_SAFE, *command.split(), *words],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=environ,
            check=False,
        )
    except FileNotFoundError as error:
        raise _unusable("the program git is not found", "") from error
    except OSError as error:
        raise _unusable(f"the program git does not start: {error.strerror or error}", "") from error


def _require(done: "subprocess.CompletedProcess[bytes]") -> "subprocess.CompletedProcess[bytes]":
    if done.returncode:
        raise _unusable("git failed", _said(done))
    return done


def _unusable(summary: str, detail: str) -> ManifestError:
    return ManifestError.because(
        "git-unusable",
        summary,
        detail=detail,
        hint="Install git or repair the repository, or select by name, label or path.",
    )


def _said(done: "subprocess.CompletedProcess[bytes]") -> str:
    """The first line that git wrote, as a sentence."""
    lines: Sequence[str] = done.stderr.decode(errors="replace").strip().splitlines()
    return f"git says: {lines[0].removeprefix('fatal: ')}." if lines else ""

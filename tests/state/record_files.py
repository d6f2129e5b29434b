"""Lockfiles and journals as files: those that version 0.1.0 left, and a workspace that has them as its own."""

import json
import shutil
from pathlib import Path
from typing import Any

from flowctl.state.ledger import Ledger
from flowctl.state.local.store import LocalStore

DATA = Path(__file__).with_name("data") / "0.1.0"
LOCK = "flowctl.dev.lock"
JOURNAL = f"{LOCK}.journal"
HEAD: dict[str, Any] = {
    "organization": "LOCAL@AdobeOrg",
    "sandbox": "dev",
    "lineage": "b1c9c0b2-5a8e-4a53-8a5e-0d1c3f9b2e11",
    "salt": "00ff",
    "serial": 3,
}


def left_by_the_first_release(name: str, folder: Path) -> None:
    """Put what 0.1.0 left after this story into a folder."""
    for file in (DATA / name).iterdir():
        shutil.copy(file, folder / file.name)


def lockfile(version: int, entries: dict[str, Any], **others: Any) -> dict[str, Any]:
    """A lockfile's document."""
    return {**HEAD, "version": version, "entries": entries, **others}


def write(folder: Path, document: dict[str, Any]) -> None:
    """Make a document the lockfile of a folder."""
    (folder / LOCK).write_text(json.dumps(document), encoding="utf-8")


def write_journal(folder: Path, *events: dict[str, Any]) -> None:
    """Make these events the journal of a folder."""
    (folder / JOURNAL).write_text("".join(json.dumps(event) + "\n" for event in events), encoding="utf-8")


def ledger(folder: Path) -> Ledger:
    """The record of a folder."""
    return Ledger(LocalStore(folder, "dev"), organization="LOCAL@AdobeOrg", sandbox="dev")


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}

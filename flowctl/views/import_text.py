"""An import as lines for people."""

from collections.abc import Iterator, Sequence
from typing import Final

from flowctl.model.import_report import ImportedSandbox, WrittenFile
from flowctl.views.lines import Line

_MOST_FILES: Final = 40
"""How many files are listed one by one; JSON has all of them."""


def import_lines(found: ImportedSandbox) -> Iterator[Line]:
    """What was written, bound and left out, and what to do next."""
    if found.written:
        yield Line("Written:" if found.is_written else "Would write:", "bold")
        yield from _written(found.written)
    if found.bound:
        yield Line("Described by the manifests already:", "bold")
        for bound in found.bound:
            yield Line(f"  {bound.address} is {bound.id} ({bound.file})")
    if found.skipped:
        yield Line("Skipped:", "bold")
        for skipped in found.skipped:
            yield Line(f"  {skipped.kind} {skipped.id} {quoted_name(skipped.name)}: {skipped.reason}", "yellow")
    if found.referred:
        yield Line("Without a manifest, because none describes them:", "bold")
        for each in found.referred:
            yield Line(f"  {each.kind} {quoted_name(each.name)}{_with_id(each.id)}: {each.reason}", "yellow")
    if found.is_empty:
        skipped_too = " else" if found.skipped else ""
        yield Line(f"There is nothing{skipped_too} to import into environment {found.environment}.", "bold")
        return
    did = "Imported" if found.is_written else "Would import"
    left_out = f", skipped {len(found.skipped)}" if found.skipped else ""
    yield Line(f"{did} {counted(found.pipelines, 'dataflow')}{left_out}.", "bold")
    yield Line(f"Plan: {found.objects:,} to import.")
    if found.is_written:
        yield Line(f"Review the files, then run `flowctl -e {found.environment} apply`.")


def _written(files: Sequence[WrittenFile]) -> Iterator[Line]:
    """The files one by one, or folder by folder if they are many."""
    if len(files) <= _MOST_FILES:
        yield from (Line(f"  {file.file}{_resources(len(file.addresses))}") for file in files)
        return
    folders: dict[str, list[WrittenFile]] = {}
    for file in files:
        folders.setdefault(file.file.rpartition("/")[0], []).append(file)
    for folder, members in folders.items():
        resources = sum(len(file.addresses) for file in members)
        where = f"{folder}/: {counted(len(members), 'file')}" if folder and len(members) > 1 else members[0].file
        yield Line(f"  {where}{_resources(resources)}")


def _with_id(object_id: str) -> str:
    return f" ({object_id})" if object_id else ""


def quoted_name(name: str) -> str:
    """A name in quotes."""
    return f'"{name}"'


def counted(number: int, noun: str) -> str:
    """A number with its noun: `1 dataflow`, `2 dataflows`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _resources(number: int) -> str:
    return f" ({counted(number, 'resource')})" if number else ""

"""What a sample file proposes: field groups with the fields that its columns or its template describe."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import Final

from flowctl.model.errors import FlowctlError
from flowctl.operations.drafting.csv_template import Template, is_template, read_template
from flowctl.operations.drafting.delimiters import doubt, rows_of, told_delimiter, with_delimiter
from flowctl.operations.drafting.field_group import FieldDraft, GroupDraft, fields_of
from flowctl.operations.drafting.field_names import distinct
from flowctl.operations.drafting.shapes import Shape, of_text
from flowctl.operations.drafting.unfit import remove_unfit, why_unfit
from flowctl.operations.new_manifest import plain_name
from flowctl.row_files.row import SourceRow
from flowctl.row_files.row_format import RowFormat, ending, form_of_name
from flowctl.row_files.rows import header_names

_MOST_ROWS: Final = 10_000
"""How many rows of a sample are read."""
_SAVE_ANEW: Final = "Save it with commas, or with tabs and the ending .tsv."
_PROFILE: Final = "https://ns.adobe.com/xdm/context/profile"


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedGroup:
    """The file, the name of the document, and the classes that it extends; empty for what is to be chosen."""

    file: Path
    name: str = ""
    extends: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The groups with a field, what was left out with the reason, how many rows were read, and notes on the file."""

    drafts: Sequence[GroupDraft]
    skipped: tuple[tuple[str, str], ...]
    rows: int = 0
    notes: tuple[str, ...] = ()


def proposed_groups(wanted: WantedGroup, name: str) -> Proposal:
    """The groups that a sample proposes. Raises FlowctlError for a file without any field."""
    form = form_of_name(wanted.file) or "delimited"
    usual = "\t" if ending(wanted.file) == ".tsv" else ","
    format_ = with_delimiter(wanted.file, RowFormat(form=form, delimiter=usual))
    rows = rows_of(wanted.file, format_)
    first = next(rows, None)
    is_read = first is not None and not first.fault
    header = list(map(str, first.values if first is not None and is_read else header_names(wanted.file, format_)))
    if first is None and not header:
        raise _nothing(wanted, "has no rows")
    read = chain([] if first is None else [first], rows)
    if form == "delimited" and is_template(header):
        template = read_template(read)
        skipped = tuple((each.source, each.reason) for each in template.skipped)
        found = Proposal(drafts=_of_template(template, name, wanted), skipped=skipped)
        why = "describes no field below the namespace of a tenant"
    else:
        found = _of_rows(wanted, name, format_, header, read, tuple(told_delimiter(format_, usual)))
        why = "has no columns"
    drafts = [each for each in found.drafts if each.fields]
    if not drafts:
        raise _nothing(wanted, why, found.skipped)
    return replace(found, drafts=drafts)


def _of_rows(
    wanted: WantedGroup,
    name: str,
    format_: RowFormat,
    header: Sequence[str],
    read: Iterator[SourceRow],
    notes: tuple[str, ...],
) -> Proposal:
    """One group with a field for each column; of a file with only a header, strings."""
    columns, number, faults = _shapes(islice(read, _MOST_ROWS), is_text=format_.form == "delimited")
    if faults and not number:
        raise _nothing(wanted, "has no row that can be read", detail=f"The first one: {faults[0]}")
    has_rows = number > 0
    if not has_rows:
        columns = {name: Shape() for name in header}
    skipped = tuple(remove_unfit(columns))
    drafted = fields_of(columns)
    skipped += tuple((each.source, reason) for each in drafted if (reason := why_unfit(each)))
    skipped += (("", f"{_rows(len(faults))} cannot be read"),) if faults else ()
    why = doubt(header, format_)
    comments = (
        f"Proposed from {_rows(number) if has_rows else 'the header'} of {wanted.file.name}.",
        *((f"{why[0].upper()}{why[1:]}.", _SAVE_ANEW) if why else ()),
        *notes,
    )
    draft = GroupDraft(
        name=name,
        title=_title(name),
        extends=wanted.extends or (_PROFILE,),
        fields=tuple(_doubted(each, why) for each in drafted if not why_unfit(each)),
        comments=comments,
    )
    return Proposal(drafts=[draft], skipped=skipped, rows=number, notes=notes)


def _rows(number: int) -> str:
    return f"{number} {'row' if number == 1 else 'rows'}"


def _nothing(
    wanted: WantedGroup, why: str, skipped: Sequence[tuple[str, str]] = (), *, detail: str = ""
) -> FlowctlError:
    reasons = dict.fromkeys(reason for _, reason in skipped)
    return FlowctlError.because(
        "nothing-to-map",
        f"{wanted.file} {why}",
        detail=f"Left out: {'; '.join(reasons)}." if reasons else detail,
        hint="Use a file with the fields that the field group is to have.",
    )


def _doubted(draft: FieldDraft, why: str) -> FieldDraft:
    return replace(draft, note="; ".join(filter(None, (why, draft.note))))


def _title(name: str) -> str:
    return name.replace("-", " ").capitalize()


def _shapes(rows: Iterator[SourceRow], *, is_text: bool) -> tuple[dict[str, Shape], int, list[str]]:
    """The columns of a sample, how many of its rows were read, and why others cannot be read."""
    columns: dict[str, Shape] = {}
    faults: list[str] = []
    number = 0
    for row in rows:
        if row.fault:
            faults.append(row.fault)
            continue
        number += 1
        for name, value in row.values.items():
            columns.setdefault(str(name), Shape()).add(of_text(value) if is_text else value)
    return columns, number, faults


def _of_template(template: Template, name: str, wanted: WantedGroup) -> list[GroupDraft]:
    extends = wanted.extends or (template.extends or _PROFILE,)
    taken: set[str] = set()
    found: list[GroupDraft] = []
    for group in sorted(template.groups):
        own = distinct(plain_name(group) or name, taken).replace("_", "-")
        comments = [f"From the CSV template {wanted.file.name}."]
        if group in template.known:
            comments.append(f"The template adds these fields to the field group {template.known[group]}, which exists.")
        if not found and template.identities:
            comments += ["Identities, for the Schema that uses the field group:", *template.identity_lines()]
        fields = tuple(template.groups[group])
        title = group or _title(name)
        found.append(GroupDraft(name=own, title=title, extends=extends, fields=fields, comments=tuple(comments)))
    return found

"""A new field group from a sample file, or from the CSV template of Schema Registry."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path

from flowctl.manifest.declared_fields import is_name
from flowctl.manifest.document import Manifests
from flowctl.manifest.documents.field_group import FIELD_GROUP
from flowctl.manifest.documents.xdm_class import CLASS
from flowctl.model.drafted import DraftedField, DraftedFieldGroup
from flowctl.model.errors import FlowctlError, ManifestError
from flowctl.operations.drafting.csv_template import Template, is_template, read_template
from flowctl.operations.drafting.field_group import FieldDraft, GroupDraft, draft_text, fields_of
from flowctl.operations.drafting.field_names import distinct
from flowctl.operations.drafting.shapes import Shape, of_text
from flowctl.operations.drafting.unfit import remove_unfit, why_unfit
from flowctl.operations.new_manifest import (
    editor_line,
    folder_for,
    plain_name,
    require_free,
    require_name,
    write_manifest,
)
from flowctl.preview.sample_rows import sample_rows
from flowctl.row_files.row import SourceRow
from flowctl.row_files.row_format import RowFormat, ending, form_of_name
from flowctl.row_files.rows import header_names
from flowctl.settings.workspace import Workspace
from flowctl.validation.wording import all_of, codes, did_you_mean, nearest, quoted

_FIRST_ROWS = 20
"""How many rows are read to check a delimiter."""
MOST_ROWS = 10_000
"""How many rows of a sample are read."""
_DELIMITERS = {";": "`;`", "\t": "a tab", "|": "`|`", ",": "`,`"}
_SAVE_ANEW = "Save it with commas, or with tabs and the ending .tsv."
_PROFILE = "https://ns.adobe.com/xdm/context/profile"


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedGroup:
    """The file, the name of the document, and the classes that it extends; empty for what is to be chosen."""

    file: Path
    name: str = ""
    extends: tuple[str, ...] = ()


def new_field_group(workspace: Workspace, manifests: Manifests, wanted: WantedGroup) -> DraftedFieldGroup:
    """Write `schemas/NAME.yaml`. Raises FlowctlError for a wrong choice, an unfit file or one in the way."""
    if wanted.name:
        require_name(wanted.name, "field group")
    _require_classes(manifests, wanted.extends)
    name = wanted.name or plain_name(wanted.file.name.partition(".")[0]) or "fields"
    notes: tuple[str, ...] = ()
    form = form_of_name(wanted.file) or "delimited"
    usual = "\t" if ending(wanted.file) == ".tsv" else ","
    format_ = _with_delimiter(wanted.file, RowFormat(form=form, delimiter=usual))
    rows = _rows(wanted.file, format_)
    first = next(rows, None)
    header = (
        first.values if first is not None and not first.fault else dict.fromkeys(header_names(wanted.file, format_))
    )
    if first is None and not header:
        raise _nothing(wanted, "has no rows")
    read = chain([] if first is None else [first], rows)
    from_template = form == "delimited" and is_template(header)
    if from_template:
        template = read_template(read)
        drafts = _of_template(template, name, wanted)
        skipped = tuple((each.source, each.reason) for each in template.skipped)
        number = 0
    else:
        columns, number, faults = _shapes(islice(read, MOST_ROWS), is_text=form == "delimited")
        if faults and not number:
            raise _nothing(wanted, "has no row that can be read", detail=f"The first one: {faults[0]}")
        if first is None:
            columns = {name: Shape() for name in header}
        skipped = tuple(remove_unfit(columns))
        drafted = fields_of(columns)
        skipped += tuple((each.source, reason) for each in drafted if (reason := why_unfit(each)))
        skipped += (("", f"{len(faults)} {'row' if len(faults) == 1 else 'rows'} cannot be read"),) if faults else ()
        doubt = _doubt(header, format_) if form == "delimited" else ""
        fields = tuple(_doubted(each, doubt) for each in drafted if not why_unfit(each))
        seen = "the header" if first is None else f"{number} {'row' if number == 1 else 'rows'}"
        notes = tuple(_told_delimiter(format_, usual))
        comments = (
            f"Proposed from {seen} of {wanted.file.name}.",
            *((f"{doubt[0].upper()}{doubt[1:]}.", _SAVE_ANEW) if doubt else ()),
            *notes,
        )
        extends = wanted.extends or (_PROFILE,)
        drafts = [GroupDraft(name=name, title=_title(name), extends=extends, fields=fields, comments=comments)]
    drafts = [each for each in drafts if each.fields]
    if not drafts:
        why = "describes no field below the namespace of a tenant" if from_template else "has no columns"
        raise _nothing(wanted, why, skipped)
    for draft in drafts:
        require_free(manifests, FIELD_GROUP.name, draft.name)
    folder = folder_for("schemas", workspace.manifests)
    text = draft_text(drafts, editor_line(workspace.root, folder))
    return DraftedFieldGroup(
        name=drafts[0].name,
        file=write_manifest(workspace.root, folder, name, text),
        rows=number,
        fields=tuple(_drafted(draft.name, each) for draft in drafts for each in draft.fields),
        skipped=skipped,
        notes=notes,
    )


def _rows(file: Path, format_: RowFormat) -> Iterator[SourceRow]:
    return sample_rows(file, str(file), format_, of_pipeline=False)


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


def _with_delimiter(file: Path, format_: RowFormat) -> RowFormat:
    """The format, with a delimiter that divides header and first rows alike if the usual one divides nothing."""
    if format_.form != "delimited":
        return format_
    first = next(_rows(file, format_), None)
    names = list(map(str, first.values)) if first is not None else []
    if len(names) != 1:
        return format_
    fitting = []
    for sign in _DELIMITERS:
        other = replace(format_, delimiter=sign)
        try:
            rows = list(islice(_rows(file, other), _FIRST_ROWS))
        except ManifestError:
            continue
        if len(rows[0].values) > 1 and not any(row.fault for row in rows):
            fitting.append((len(rows[0].values), sign))
    return replace(format_, delimiter=max(fitting)[1]) if fitting else format_


def _told_delimiter(format_: RowFormat, usual: str) -> Iterator[str]:
    if format_.form == "delimited" and format_.delimiter != usual:
        sign = "\\t" if format_.delimiter == "\t" else format_.delimiter
        yield f"The delimiter of its columns is {_DELIMITERS[format_.delimiter]}, as its rows show."
        yield f'A pipeline that reads such a file needs `data: {{properties: {{columnDelimiter: "{sign}"}}}}`.'


def _doubt(header: Iterable[object], format_: RowFormat) -> str:
    """Why the delimiter of a file may be another, as a clause; empty if nothing speaks for it."""
    names = list(map(str, header))
    held = next((sign for sign in _DELIMITERS if sign in names[0] and sign != format_.delimiter), "")
    if len(names) != 1 or not held:
        return ""
    return f"the file has one column, whose name holds {_DELIMITERS[held]}, so its delimiter may be another"


def _doubted(draft: FieldDraft, doubt: str) -> FieldDraft:
    return replace(draft, note="; ".join(filter(None, (doubt, draft.note))))


def _drafted(group: str, each: FieldDraft) -> DraftedField:
    type_ = str(each.members.get("type") or each.members.get("ref"))
    return DraftedField(group=group, source=each.source, path=each.path, type=type_, note=each.note)


def _require_classes(manifests: Manifests, extends: Sequence[str]) -> None:
    known = sorted(each.name for each in manifests.documents if each.kind == CLASS.name)
    for each in extends:
        if is_name(each) and each not in known:
            listed = f"Known Classes: {all_of(codes(known))}." if known else "The workspace has no Class document."
            raise FlowctlError.because(
                "unknown-schema",
                f"there is no Class named {quoted(each)}",
                detail=listed,
                hint=did_you_mean(nearest(each, known), "Use `--extends` with the name of a Class document or a $id."),
            )


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

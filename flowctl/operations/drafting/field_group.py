"""The manifests of new field groups as text: fields that are sure, with a comment over each that is in question."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from flowctl.model.json_value import JSON
from flowctl.operations.drafting.field_names import distinct, fit_name
from flowctl.operations.drafting.shapes import INT, LONG, Shape
from flowctl.text.writer import document_text


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDraft:
    """One field: the column that it is for, its path below the namespace, its members, and what is in question."""

    source: str
    path: str
    members: Mapping[str, JSON]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupDraft:
    """One new FieldGroup document; `comments` stand before it."""

    name: str
    title: str
    extends: tuple[str, ...]
    fields: tuple[FieldDraft, ...]
    comments: tuple[str, ...] = ()


@dataclass(slots=True)
class _Notes:
    found: list[str] = field(default_factory=list)

    def add(self, name: str, shape: Shape) -> None:
        if note := shape.note():
            self.found.append(f"{name}: {note}" if name else note)


def draft_text(drafts: Sequence[GroupDraft], comments: Sequence[str] = ()) -> str:
    """The manifests, one document after another, after comments."""
    return "---\n".join(_document(each, comments if not place else ()) for place, each in enumerate(drafts))


def _document(draft: GroupDraft, comments: Sequence[str]) -> str:
    head = document_text(
        {
            "apiVersion": "flowctl/v1",
            "kind": "FieldGroup",
            "metadata": {"name": draft.name},
            "title": draft.title,
            "extends": list(draft.extends),
        },
        [*comments, *map(_printed, draft.comments)],
    )
    return head + "fields:\n" + "".join(_lines(draft.fields))


def _lines(fields: Iterable[FieldDraft]) -> Iterator[str]:
    for each in fields:
        if each.note:
            yield f"  # {_printed(each.note)}\n"
        text = document_text({each.path: dict(each.members)})
        yield "".join(f"  {line}\n" for line in text.splitlines())


def fields_of(columns: Mapping[str, Shape]) -> tuple[FieldDraft, ...]:
    """The fields of the columns of a sample; objects lead to fields of their own."""
    return tuple(_fields(columns, "", ""))


def _fields(columns: Mapping[str, Shape], above: str, source: str) -> Iterator[FieldDraft]:
    taken: set[str] = set()
    for column, shape in columns.items():
        path = f"{above}{distinct(fit_name(column), taken)}"
        named = f"{source}{column}"
        if shape.type() == "object":
            yield from _fields(shape.children, f"{path}.", f"{named}.")
            continue
        notes = _Notes()
        notes.add("", shape)
        members = {**_members(shape, "", notes), **_title(column, path.rpartition(".")[2])}
        yield FieldDraft(source=named, path=path, members=members, note="; ".join(notes.found))


def _title(column: str, name: str) -> dict[str, JSON]:
    """The name of the column as the title of a field that cannot have this name."""
    return {"title": column} if column not in (name, "") else {}


def _members(shape: Shape, path: str, notes: _Notes) -> dict[str, JSON]:
    type_ = shape.type()
    match type_:
        case "integer" if shape.largest > INT:
            return {"type": type_, "minimum": -LONG, "maximum": LONG}
        case "array":
            return {"type": type_, "items": _inside(shape.item, f"{path}[*]", notes)}
        case "map":
            return {"type": type_, "values": _inside(shape.values(), f"{path}[*]", notes)}
        case "object":
            return {"type": type_, "fields": _nested(shape, path, notes)}
        case _:
            return {"type": type_}


def _inside(shape: Shape | None, path: str, notes: _Notes) -> dict[str, JSON]:
    if shape is None or not shape.kinds:
        return {"type": "string"}
    notes.add(path, shape)
    return _members(shape, path, notes)


def _nested(shape: Shape, path: str, notes: _Notes) -> dict[str, JSON]:
    taken: set[str] = set()
    found: dict[str, JSON] = {}
    for column, child in shape.children.items():
        name = distinct(fit_name(column), taken)
        below = f"{path}.{name}".lstrip(".")
        notes.add(below, child)
        found[name] = {**_members(child, below, notes), **_title(column, name)}
    return found


def _printed(text: str) -> str:
    """A comment that stays on its line."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)

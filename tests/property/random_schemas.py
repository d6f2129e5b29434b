"""Random models of schemas: documents of every kind that a schema is made of, and edits that lead to another model."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import hypothesis.strategies as st
import yaml

JSON = Any
PROFILE = "https://ns.adobe.com/xdm/context/profile"
PERSONAL = f"{PROFILE}-personal-details"
ADDRESS = "https://ns.adobe.com/xdm/common/address"
HOLDERS = {"object": "fields", "array": "items", "map": "values"}
TENANT = "_${tenant}"
_TEXTS = st.sampled_from(["A", "Größe ☃", "yes", "a: b # c", "'x' \"y\"", "two words"])
_VALUES = ("gold", "silver", "1", "yes", "a b")
_SCALARS = ("string", "string", "integer", "number", "boolean", "date", "date-time")
_NAMES = ("id", "Tier", "points-2", "a_b", "since", "more")
COMMON = "common"
"""An object that both field groups may have a part of."""
_ID_TYPES = ("Cookie", "Cross_device", "Non_people")
Model = dict[str, dict[str, Any]]
"""Kind of document to name to content, with what a document leaves out left out."""


@st.composite
def some(draw: st.DrawFn, **strategies: st.SearchStrategy[Any]) -> dict[str, Any]:
    """Some of the keys, each with a value."""
    return {key: draw(values) for key, values in strategies.items() if draw(st.integers(0, 3)) == 0}


@st.composite
def limits(draw: st.DrawFn, type_: str) -> dict[str, Any]:
    """What a field of a type may be limited to."""
    if type_ == "string":
        values = draw(st.lists(st.sampled_from(_VALUES), min_size=1, max_size=4, unique=True))
        labels = {value: draw(st.just(value) | _TEXTS) for value in values}
        return draw(
            some(
                enum=st.sampled_from([values, labels]),
                pattern=st.sampled_from(["^[a-z0-9 ]+$", "^.*$"]),
                minLength=st.integers(0, 3),
                maxLength=st.integers(4, 6),
                default=st.sampled_from(values),
            )
        )
    if type_ in ("integer", "number"):
        least, most = st.sampled_from([-40000, 0, 1]), st.sampled_from([100, 40000, 3_000_000_000])
        return draw(some(minimum=least, maximum=most, default=st.integers(1, 100)))
    if type_ == "boolean":
        return draw(some(default=st.booleans()))
    return draw(some(minItems=st.integers(0, 2), maxItems=st.integers(2, 4))) if type_ == "array" else {}


@st.composite
def words(draw: st.DrawFn) -> dict[str, Any]:
    """What describes a field of any type, and allows every change."""
    return draw(some(title=_TEXTS, description=_TEXTS, deprecated=st.booleans()))


@st.composite
def fields(draw: st.DrawFn, types: tuple[str, ...], depth: int = 2, part: str = "") -> dict[str, Any]:
    """The fields of an object; those at the top of a part have names that no other part has."""
    names = draw(st.lists(st.sampled_from(_names(part)), min_size=1, max_size=3, unique=True))
    return {name: draw(field(types, depth)) | draw(some(required=st.booleans())) for name in names}


def _names(part: str) -> tuple[str, ...]:
    return tuple(f"{name}{part}" for name in _NAMES)


@st.composite
def field(draw: st.DrawFn, types: tuple[str, ...], depth: int) -> dict[str, Any]:
    """One field; `types` are the data types that it may be of."""
    type_ = draw(st.sampled_from((*_SCALARS, *(("object", "array", "map") if depth else ()), "ref")))
    if type_ == "ref":
        return {"ref": draw(st.sampled_from((*types, ADDRESS))), **draw(words())}
    inside: dict[str, Any] = {}
    if type_ in HOLDERS:
        inside[HOLDERS[type_]] = draw(fields(types, depth - 1) if type_ == "object" else field(types, depth - 1))
    return {"type": type_, **draw(limits(type_)), **draw(words()), **inside}


@st.composite
def models(draw: st.DrawFn) -> Model:
    """Two data types, of which one may hold the other; a class; two field groups; two schemas; perhaps datasets."""
    types = {"t0": {"fields": draw(fields((), 1))}, "t1": {"fields": draw(fields(("t0",), 1))}}
    groups = {
        name: {"extends": [PROFILE, "thing"], "fields": draw(fields(("t0", "t1"), 2, name))} for name in ("g0", "g1")
    }
    for name, group in groups.items():
        if draw(st.booleans()):
            group["fields"][COMMON] = {"type": "object", "fields": draw(fields(("t0",), 1, name))}
    model: Model = {
        "Namespace": {name: {"code": name, "idType": draw(st.sampled_from(_ID_TYPES))} for name in ("n0", "n1")},
        "DataType": types,
        "Class": {"thing": {"behavior": "record", "fields": draw(fields(("t0",), 1, "c"))}},
        "FieldGroup": groups,
        "Schema": {},
        "Dataset": {},
    }
    for name in ("s0", "s1"):
        parts = draw(st.lists(st.sampled_from(["g0", "g1", PERSONAL]), unique=True))
        model["Schema"][name] = {"class": draw(st.sampled_from([PROFILE, "thing"])), "fieldGroups": parts}
        _describe(draw, model, name)
        if draw(st.booleans()):
            model["Dataset"][f"d-{name}"] = {"schema": name}
    return _settled(model)


def _describe(draw: st.DrawFn, model: Model, name: str) -> None:
    """Say anew which fields of a schema identify records, what the UI calls them, and whether it is in Profile."""
    schema, paths = model["Schema"][name], sorted(strings(model, name))
    for key in ("identities", "displayNames", "profile"):
        schema.pop(key, None)
    chosen = draw(st.lists(st.sampled_from(paths), max_size=2, unique=True)) if paths else []
    if chosen:
        schema["identities"] = [{"path": path, "namespace": draw(st.sampled_from(_CODES))} for path in chosen]
        if draw(st.booleans()):
            schema["identities"][0]["primary"] = True
            if draw(st.booleans()):
                schema["profile"] = True
    if paths and draw(st.booleans()):
        texts = {"title": draw(_TEXTS), **draw(some(description=_TEXTS))}
        schema["displayNames"] = {draw(st.sampled_from(paths)): texts}


_CODES = ("n0", "n1", "Email")


def strings(model: Model, schema: str) -> Iterator[str]:
    """The paths of the strings of a schema that may identify a record."""
    own = model["Schema"][schema]
    yield from ("personID",) if own["class"] == PROFILE else ()
    yield from ("personalEmail.address",) if own["class"] == PROFILE and PERSONAL in own["fieldGroups"] else ()
    parts = [model["Class"].get(own["class"]), *(model["FieldGroup"].get(group) for group in own["fieldGroups"])]
    for part in filter(None, parts):
        yield from (path for path in _strings(model, part["fields"], TENANT) if path.count(".") < 4)


def _strings(model: Model, inside: dict[str, Any], path: str) -> Iterator[str]:
    for name, each in inside.items():
        if each.get("type") == "string":
            yield f"{path}.{name}"
        below = each.get("fields") or model["DataType"].get(each.get("ref", ""), {}).get("fields") or {}
        yield from _strings(model, below, f"{path}.{name}")


def _settled(model: Model) -> Model:
    """The model without what points at a field that is gone, and with relationships to what can be led to."""
    for name, schema in model["Schema"].items():
        if schema["class"] != PROFILE:
            schema["fieldGroups"] = [group for group in schema["fieldGroups"] if group != PERSONAL]
        paths = set(strings(model, name))
        known = [each for each in schema.get("identities", ()) if each["path"] in paths]
        names = {path: texts for path, texts in schema.get("displayNames", {}).items() if path in paths}
        for key, kept in (("identities", known), ("displayNames", names)):
            schema.pop(key, None)
            if kept:
                schema[key] = kept
        if not any(each.get("primary") for each in known):
            schema.pop("profile", None)
    for name, dataset in model["Dataset"].items():
        dataset.pop("profile", None)
        if name == "d-s0" and model["Schema"][dataset["schema"]].get("profile"):
            dataset["profile"] = True
    source, target = model["Schema"]["s0"], model["Schema"]["s1"]
    free = sorted(set(strings(model, "s0")) - {each["path"] for each in source.get("identities", ())})
    source.pop("relationships", None)
    if free and any(each.get("primary") for each in target.get("identities", ())):
        source["relationships"] = [{"path": free[0], "to": "s1"}]
    return model


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Model, Model]:
    """A model and another one: a few edits away, or with all of its parts drawn again."""
    before = draw(models())
    after = deepcopy(before)
    for _ in range(draw(st.integers(1, 3))):
        draw(st.sampled_from((_edit_a_field,) * 5 + (_edit_a_schema,) * 2 + (_edit_a_namespace, _draw_a_part_again)))(
            draw, after
        )
    return before, _settled(after)


def _part(draw: st.DrawFn, model: Model) -> tuple[dict[str, Any], tuple[str, ...], str]:
    """A document with fields, the data types that they may be of, and the end of their names."""
    kind, name = draw(
        st.sampled_from([(kind, name) for kind in ("DataType", "Class", "FieldGroup") for name in model[kind]])
    )
    types = {"t0": (), "t1": ("t0",), "thing": ("t0",)}.get(name, ("t0", "t1"))
    return model[kind][name], types, {"DataType": "", "Class": "c"}.get(kind, name)


def _draw_a_part_again(draw: st.DrawFn, model: Model) -> None:
    part, types, end = _part(draw, model)
    kept = {COMMON: part["fields"][COMMON]} if COMMON in part["fields"] else {}
    part["fields"] = {**draw(fields(types, 1, end)), **kept}


def _edit_a_field(draw: st.DrawFn, model: Model) -> None:
    part, types, end = _part(draw, model)
    places = [place for place in _places(part["fields"]) if place[1] != COMMON]
    holder, key = places[draw(st.integers(0, len(places) - 1))]
    at_top = holder is part["fields"] or holder is part["fields"].get(COMMON, {}).get("fields")
    names = st.sampled_from(_names(end if at_top else ""))
    is_named = key not in ("items", "values") or "type" not in holder
    was = holder[key]
    edit = draw(st.sampled_from(("remove", "rename", "retype", "limit", "limit", "require", "describe", "add")))
    if edit == "retype" or (edit in ("remove", "rename", "require", "add") and not is_named):
        holder[key] = draw(field(types, 1))
    elif edit == "remove" and len(holder) > 1:
        del holder[key]
    elif edit in ("remove", "rename"):
        holder.setdefault(draw(names), holder.pop(key))
    elif edit == "limit" and "type" in was:
        kept = {name: was[name] for name in ("type", "required", *HOLDERS.values()) if name in was}
        holder[key] = {**kept, **draw(limits(was["type"]))}
    elif edit == "require":
        holder[key] = {**was, "required": not was.get("required", False)}
    elif edit == "add":
        holder.setdefault(draw(names), draw(field(types, 1)))
    else:
        kept = {name: value for name, value in was.items() if name not in ("title", "description", "deprecated")}
        holder[key] = {**kept, **draw(words())}


def _places(inside: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """Each field as the mapping that holds it and its key there."""
    for name, each in inside.items():
        yield inside, name
        yield from _places(each.get("fields", {}))
        for key in ("items", "values"):
            if key in each:
                yield each, key
                yield from _places(each[key].get("fields", {}))


def _edit_a_schema(draw: st.DrawFn, model: Model) -> None:
    name = draw(st.sampled_from(sorted(model["Schema"])))
    schema = model["Schema"][name]
    edit = draw(st.sampled_from(("parts", "words", "describe", "profile", "primary", "dataset")))
    if edit == "parts":
        schema["fieldGroups"] = draw(st.lists(st.sampled_from(["g0", "g1", PERSONAL]), unique=True))
    elif edit == "words":
        schema |= {"title": f"{name} {draw(_TEXTS)}", **draw(some(description=_TEXTS))}
    elif edit == "describe":
        _describe(draw, model, name)
    elif edit == "profile":
        schema["profile"] = not schema.get("profile", False)
    elif edit == "primary":
        for each in schema.get("identities", ()):
            each["primary"] = not each.get("primary", False)
        for each in [each for each in schema.get("identities", ()) if each["primary"]][1:]:
            each["primary"] = False
    else:
        model["Dataset"].setdefault(f"d-{name}", {"schema": name})


def _edit_a_namespace(draw: st.DrawFn, model: Model) -> None:
    namespace = model["Namespace"][draw(st.sampled_from(["n0", "n1"]))]
    namespace |= draw(some(title=_TEXTS, description=_TEXTS, idType=st.sampled_from(_ID_TYPES)))


def text_of(model: Model, *, in_rows: bool) -> str:
    """The documents of a model; `in_rows` writes a field of an object as one row where that says the same."""
    documents = []
    for kind, named in model.items():
        for name, content in named.items():
            own = {**content, "fields": _rows(content["fields"])} if in_rows and "fields" in content else content
            documents.append({"apiVersion": "flowctl/v1", "kind": kind, "metadata": {"name": name}, **own})
    return "---\n".join(yaml.safe_dump(each, allow_unicode=True, sort_keys=False) for each in documents)


def _rows(inside: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, each in inside.items():
        if set(each) == {"type", "fields"} and each["type"] == "object":
            found |= {f"{name}.{below}": row for below, row in _rows(each["fields"]).items()}
        else:
            found[name] = each
    return found

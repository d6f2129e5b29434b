"""A workspace of parts of schemas for faults and crashes: one object of each kind, most of them twice or more."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from fault_proxy import Asked, Effect
from fault_workspace import FaultWorkspace, Pipeline, Seen

NAMESPACES = "/data/core/idnamespace/identities"
ALLOWED = ("--auto-approve", "--allow-irreversible")
COLLECTIONS = {
    "data_type": "datatypes",
    "class": "classes",
    "field_group": "fieldgroups",
    "schema": "schemas",
    "descriptor": "descriptors",
}
KINDS = ("namespace", *COLLECTIONS, "profile")
STAYS = frozenset({"namespace"})
"""The kinds that Experience Platform cannot delete."""

_PARTS = """\
apiVersion: flowctl/v1
kind: Namespace
metadata: {{name: crm}}
title: CRM ID
description: {words}
code: AcmeCRM
idType: Cross_device
---
apiVersion: flowctl/v1
kind: DataType
metadata: {{name: amount}}
title: Acme amount
description: {words}
fields:
  value: {{type: number}}
---
apiVersion: flowctl/v1
kind: Class
metadata: {{name: store}}
title: Acme store
description: {words}
behavior: record
fields:
  store.id: {{type: string}}
---
apiVersion: flowctl/v1
kind: FieldGroup
metadata: {{name: crm}}
title: Acme CRM
description: {words}
extends: [https://ns.adobe.com/xdm/context/profile]
fields:
  crm.id: {{type: string, title: {words}}}
  crm.old: {{type: string}}
  crm.store: {{type: string}}
  crm.spent: {{ref: amount}}
---
apiVersion: flowctl/v1
kind: Schema
metadata: {{name: store}}
title: Acme stores
class: store
identities:
  - {{path: "_${{tenant}}.store.id", namespace: AcmeCRM, primary: true}}
---
apiVersion: flowctl/v1
kind: Schema
metadata: {{name: customer}}
title: Acme customer
description: {words}
class: https://ns.adobe.com/xdm/context/profile
fieldGroups: [crm]
identities:
  - {{path: "_${{tenant}}.crm.id", namespace: AcmeCRM, primary: true}}
  - {{path: "_${{tenant}}.crm.old", namespace: {namespace}}}
relationships:
  - {{path: "_${{tenant}}.crm.store", to: store}}
displayNames:
  _${{tenant}}.crm.spent: {{title: {words}}}
"""


@dataclass
class Parts(Pipeline):
    """The parts as documents; `words` are in every object that has a description, `namespace` in a descriptor."""

    words: str = "first"
    namespace: str = "AcmeCRM"
    profile: bool = True

    def manifest(self) -> str:
        text = _PARTS.format(words=self.words, namespace=self.namespace)
        return f"{text}profile: true\n" if self.profile else text


WANTED = {"namespace": 1, "data_type": 1, "class": 1, "field_group": 1, "schema": 2, "descriptor": 6, "profile": 1}


def parts_of(workspace: FaultWorkspace) -> Parts:
    """The only set of documents of the workspace."""
    (parts,) = workspace.pipelines.values()
    assert isinstance(parts, Parts)
    return parts


def kind_written(asked: Asked) -> str | None:
    """The kind whose object a request writes; None if it writes none."""
    if not asked.is_write:
        return None
    if asked.path.startswith(NAMESPACES):
        return "namespace"
    if b"immutableTags" in asked.body and asked.method == "PATCH":
        return "profile"
    return next((kind for kind, collection in COLLECTIONS.items() if asked.collection == collection), None)


def part_ids(seen: Seen) -> dict[str, list[str]]:
    """The IDs of all parts of schemas in the sandbox, by kind."""
    found = {}
    tagged = []
    for kind, collection in COLLECTIONS.items():
        accept = "application/vnd.adobe.xdm-v2+json" if kind == "descriptor" else "application/vnd.adobe.xed+json"
        reply = seen.request(
            "GET", f"/schemaregistry/tenant/{collection}", params={"limit": 300}, headers={"Accept": accept}
        )
        results = reply.raise_for_status().json()["results"]
        found[kind] = [each["@id" if kind == "descriptor" else "$id"] for each in results]
        tagged += [each["meta:altId"] for each in results if "union" in (each.get("meta:immutableTags") or ())]
    reply = seen.http.get(NAMESPACES, headers=seen.headers)
    found["namespace"] = [str(each["id"]) for each in reply.raise_for_status().json() if each.get("custom")]
    return found | {"profile": tagged}


def wrong_parts(workspace: FaultWorkspace, seen: Seen) -> list[str]:
    """Why the sandbox does not hold exactly the parts of the workspace, all of them recorded; empty if it does."""
    live = part_ids(seen)
    wanted = WANTED if parts_of(workspace).profile else {**WANTED, "profile": 0}
    wrong = [
        f"{len(ids)} objects of kind {kind}, {wanted[kind]} wanted: {ids}"
        for kind, ids in live.items()
        if len(ids) != wanted[kind]
    ]
    recorded = Counter(entry["kind"] for entry in workspace.entries.values())
    wrong += [f"{recorded[kind]} entries of kind {kind}" for kind in KINDS if recorded[kind] != wanted[kind]]
    for address, entry in workspace.entries.items():
        if entry["id"] not in live[entry["kind"]]:
            wrong.append(f"{address} is recorded as {entry['id']}, which does not exist")
        if entry.get("deposed"):
            wrong.append(f"{address} has old objects left: {entry['deposed']}")
    wrong += [f"{path.name} is left" for path in workspace.root.glob("*.journal")]
    plan = workspace.run("plan", "--detailed-exitcode")
    return wrong if plan.code == 0 else [*wrong, f"the plan is not empty: {plan.text}"]


def parts_recovered(workspace: FaultWorkspace, seen: Seen) -> list[str]:
    """What is wrong after one more apply without faults."""
    again = workspace.patiently("apply", *ALLOWED)
    return wrong_parts(workspace, seen) if again.code == 0 else [f"the next apply fails: {again.text}"]


def parts_gone(workspace: FaultWorkspace, seen: Seen) -> list[str]:
    """What is wrong after one more destroy without faults."""
    again = workspace.patiently("destroy", "--auto-approve")
    left = {kind: ids for kind, ids in part_ids(seen).items() if ids and kind not in STAYS}
    problems = [f"left: {left}"] if left else []
    problems += [f"still recorded: {list(workspace.entries)}"] if workspace.entries else []
    return problems + ([f"the next destroy fails: {again.text}"] if again.code else [])


def parts_applied(workspace: FaultWorkspace) -> None:
    workspace.save()
    first = workspace.run("apply", *ALLOWED)
    assert first.code == 0, first.text


def parts_edited(workspace: FaultWorkspace) -> None:
    """Every kind that can be updated is to be updated."""
    parts_applied(workspace)
    parts = parts_of(workspace)
    parts.words, parts.namespace = "second", "Email"
    workspace.save()


def parts_apart(workspace: FaultWorkspace) -> None:
    """Applied without Profile, so that everything but the namespace can be deleted."""
    parts_of(workspace).profile = False
    parts_applied(workspace)


def edited_elsewhere(seen: Seen, path: str) -> None:
    """Somebody else changes what no manifest declares; of namespaces and identities a manifest declares everything."""
    if path.startswith(NAMESPACES):
        return
    if "/descriptors/" in path:
        body = _read(seen, path)
        if "xdm:title" in body:
            _written(seen, "PUT", path, {**body, "xdm:title": {**body["xdm:title"], "de_de": "outside"}})
        return
    _written(seen, "PATCH", path, [{"op": "add", "path": "/meta:note", "value": "outside"}])


def edited_alike(seen: Seen, path: str) -> None:
    """Somebody else changes what the run is about to change."""
    body = _read(seen, path)
    if path.startswith(NAMESPACES):
        _written(seen, "PUT", path, {**body, "description": "outside"})
    elif "xdm:title" in body:
        _written(seen, "PUT", path, {**body, "xdm:title": {"en_us": "outside"}})
    elif "/descriptors/" in path:
        _written(seen, "PUT", path, {**body, "xdm:namespace": "Phone"})
    else:
        _written(seen, "PATCH", path, [{"op": "add", "path": "/description", "value": "outside"}])


def deleted(seen: Seen, path: str) -> None:
    """Somebody else deletes an object; Experience Platform keeps what is in use, and namespaces."""
    seen.http.delete(path, headers=seen.headers)


def _read(seen: Seen, path: str) -> dict[str, Any]:
    accept = "application/vnd.adobe.xed+json; version=1"
    reply = seen.http.get(path, headers={**seen.headers, "Accept": accept}).raise_for_status()
    found: dict[str, Any] = reply.json()
    return found


def _written(seen: Seen, method: str, path: str, body: object) -> None:
    seen.http.request(method, path, headers=seen.headers, json=body).raise_for_status()


OUTSIDE: dict[str, Callable[[Seen, str], None]] = {
    "edit elsewhere": edited_elsewhere,
    "edit of the same": edited_alike,
    "object gone": deleted,
}
"""What somebody else does to the object at a path during a run."""


def before_the_write(seen: Seen, what: str) -> Effect:
    """Somebody else is faster by one request: nothing is read between this and the write."""
    return Effect(before=lambda asked: OUTSIDE[what](seen, asked.path))


def at_the_first_write(seen: Seen, what: str, paths: Iterable[str]) -> Effect:
    """Somebody else does it to all of these, but for the object that the run is about to write first."""
    places = list(paths)

    def before(asked: Asked) -> None:
        for path in places:
            if path != asked.path:
                OUTSIDE[what](seen, path)

    return Effect(before=before)


def part_paths(seen: Seen, kinds: Iterable[str]) -> list[str]:
    """The paths of all parts of these kinds; those that others refer to come last."""
    found = part_ids(seen)
    places = {"namespace": f"{NAMESPACES}/"} | {
        kind: f"/data/foundation/schemaregistry/tenant/{collection}/" for kind, collection in COLLECTIONS.items()
    }
    order = ("descriptor", "schema", "field_group", "class", "data_type", "namespace")
    return [f"{places[kind]}{quote(each, safe='')}" for kind in order if kind in kinds for each in found[kind]]

"""Random schemas A, then B: applied if the rules of change allow it, else refused in the plan with the rule's name.

What the plan refuses, the emulator refuses too if it is asked directly, with bodies that flowctl has not made.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from random_schemas import Model, pairs, text_of
from registry_bodies import resource, schema
from rules_of_change import Refusal, primary, refusals
from surroundings import Platform, Workspace

FULL = os.environ.get("FLOWCTL_FAULTS") == "full"
SEARCH = not settings.get_current_profile_name().startswith("repeatable")
WORKSPACE = """\
apiVersion: flowctl/v1
kind: Workspace
defaultEnvironment: dev
environments: {{dev: {{endpoint: "{url}"}}}}
"""
_REGISTRY = "/data/foundation/schemaregistry/tenant"
_COLLECTIONS = {"FieldGroup": "fieldgroups", "DataType": "datatypes", "Class": "classes", "Schema": "schemas"}
_KINDS = {"field_group": "FieldGroup", "data_type": "DataType", "class": "Class", "schema": "Schema"}
_KINDS |= {"descriptor": "Schema", "profile": "Schema", "namespace": "Namespace"}


@pytest.mark.timeout(0 if SEARCH else 300)
def test_what_the_rules_allow_is_applied_and_what_they_refuse_is_not_sent(
    platform: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    @settings(
        max_examples=1500 if SEARCH else 400 if FULL else 60,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        phases=(Phase.generate, Phase.shrink) if SEARCH else (Phase.generate,),
    )
    @given(pairs())
    def try_one(models: tuple[Model, Model]) -> None:
        root = Path(tempfile.mkdtemp(prefix="flowctl-schemas-"))
        try:
            _change(Workspace(root=root, capsys=capsys), platform, *models)
        finally:
            shutil.rmtree(root)

    try_one()


def _change(workspace: Workspace, platform: Platform, before: Model, after: Model) -> None:
    platform.reset()
    workspace.write("flowctl.yaml", WORKSPACE.format(url=platform.url))
    workspace.write("all.yaml", text_of(before, in_rows=True))
    workspace.apply("--allow-irreversible")
    workspace.write("all.yaml", text_of(before, in_rows=False))
    assert workspace.plan().json["changes"] == []
    workspace.write("all.yaml", text_of(after, in_rows=True))
    expected = refusals(before, after)
    event("refused: " + ", ".join(sorted({rule for _, _, rule in expected})) if expected else "allowed")
    platform.clear_log()
    if not expected:
        workspace.apply("--allow-irreversible")
        assert workspace.plan().json["changes"] == []
        return
    refused = workspace.run("apply", "--auto-approve", "--allow-irreversible", "--format", "json")
    assert refused.code == 1
    assert platform.writes() == []
    ids = ids_of(workspace)
    assert set(found(refused.json["diagnostics"])) == expected
    for refusal in sorted(expected):
        ask_directly(platform, workspace, before, after, refusal, ids)


def ids_of(workspace: Workspace) -> dict[str, str]:
    """The ID of each document's object."""
    entries = workspace.lockfile["entries"]
    own = {kind: name for kind, name in _KINDS.items() if kind not in ("descriptor", "profile")}
    return {
        f"{own[entry['kind']]}/{address.partition('.')[0]}": entry["id"]
        for address, entry in entries.items()
        if entry["kind"] in own
    }


def found(diagnostics: list[dict[str, Any]]) -> Iterator[Refusal]:
    """What the errors say: of which document, about what, and by which rule."""
    for each in diagnostics:
        name, _, kind = each["address"].partition("[")[0].rpartition(".")
        (rule,) = re.findall(r"Rule ([a-z-]+):", each["detail"])
        about = next(iter(re.findall('[`"](.*?)[`"]', each["summary"])), "").replace("_local", "_${tenant}")
        document = f"{_KINDS[kind]}/{name}"
        if rule == "namespace-changed":
            about = re.findall(r"Restore (\w+),", each["detail"])[0]
        elif rule == "profile-disabled":
            about = about.removesuffix(".schema")
        yield document, about, rule


def ask_directly(
    platform: Platform, workspace: Workspace, before: Model, after: Model, refusal: Refusal, ids: dict[str, str]
) -> None:
    """Send what the plan refuses: the platform refuses it too, and has what it had."""
    document, _, rule = refusal
    kind, name = document.split("/")
    path, accept, method, body = collection(document, ids), "xed+json; version=1", "PUT", None
    if kind == "Namespace":
        path, content = f"/data/core/idnamespace/identities/{ids[document]}", after[kind][name]
        body = {"name": content.get("title", name), "code": content["code"], "idType": content["idType"]}
    elif rule == "profile-disabled":
        body = schema(before, name, ids, [])
    elif rule == "group-removed":
        body = schema(after, name, ids, ["union"] if before[kind][name].get("profile") else [])
    elif rule == "identity-changed":
        was = primary(before[kind][name])[0].replace("_${tenant}", "_local")
        entry = workspace.lockfile["entries"][f"{name}.descriptor[{was}]"]["id"]
        path, accept, method = f"{_REGISTRY}/descriptors/{entry}", "xdm+json", "DELETE"
    else:
        body = resource(after, kind, name, ids, "local")
    headers = {"Accept": f"application/vnd.adobe.{accept}"}
    had = platform.request("GET", path, headers=headers).json()
    reply = platform.request(method, path, **({} if body is None else {"json": body}))
    assert reply.status_code == 400, (refusal, reply.text)
    assert platform.request("GET", path, headers=headers).json() == had


def collection(document: str, ids: dict[str, str]) -> str:
    """The path of a document's object in Schema Registry."""
    kind = document.partition("/")[0]
    coded = ids[document].replace(":", "%3A").replace("/", "%2F")
    return f"{_REGISTRY}/{_COLLECTIONS.get(kind, '')}/{coded}"

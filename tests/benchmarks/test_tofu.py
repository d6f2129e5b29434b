"""The same objects as HCL: what is written, how a generic REST client reads it back, and what is said without one."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from surroundings import Platform

from benchmarks.hcl import as_hcl
from benchmarks.recorder import Creation, Recorder, recorder
from benchmarks.served_platform import ServedPlatform
from benchmarks.tofu import find_tofu, tofu_figures, write_configuration

_RESOURCES_OF_FOUR = 4 + 1 + 1 + 4 * 4 + 2
"""Connections, schema, shared dataset, four objects for each pipeline, and the two datasets of their own."""


@pytest.fixture
def recorded(platform: Platform) -> Iterator[Recorder]:
    with recorder(platform.url) as server:
        yield server


@pytest.fixture
def configuration(tmp_path: Path, platform: Platform, recorded: Recorder) -> str:
    folder = write_configuration(tmp_path, 4, ServedPlatform(url=platform.url), recorded)
    return (folder / "main.tf").read_text(encoding="utf-8")


def test_every_object_is_a_resource_that_refers_to_earlier_ones(configuration: str, recorded: Recorder) -> None:
    resources = re.split(r'^resource "restapi_object" ', configuration, flags=re.MULTILINE)[1:]
    names = [resource.partition('"')[2].partition('"')[0] for resource in resources]
    assert len(names) == len(set(names)) == len(recorded.creations) == _RESOURCES_OF_FOUR
    references = [re.findall(r"restapi_object\.(object_\d+)\.", resource) for resource in resources]
    for number, found in enumerate(references):
        assert set(found) <= set(names[:number])
    # Mapping sets, datasets and target connections refer to a schema, flows to both connections and the mapping set.
    flows = [found for resource, found in zip(resources, references, strict=True) if 'flowservice/flows"' in resource]
    assert [len(found) for found in flows] == [3] * 4
    assert sum("create_response" in resource for resource in resources) == 3 + 4 + 4


def test_no_id_of_the_recorded_run_is_left(configuration: str, recorded: Recorder) -> None:
    for creation in recorded.creations:
        reply = creation.reply
        given = reply[0].rpartition("/")[2] if isinstance(reply, list) else reply.get("$id") or reply["id"]
        assert given not in configuration


def test_objects_are_read_back_as_the_provider_does(configuration: str, recorded: Recorder) -> None:
    assert configuration
    for creation in recorded.creations:
        reply, headers = creation.reply, {**recorded.headers, "X-Plain": "yes"}
        object_id = reply[0].rpartition("/")[2] if isinstance(reply, list) else reply.get("meta:altId") or reply["id"]
        if "schemaregistry" in creation.path:
            headers["Accept"] = "application/vnd.adobe.xed+json; version=1"
        shown = httpx.get(f"{recorded.url}{creation.path}/{object_id}", headers=_ours(headers))
        assert shown.status_code == 200, shown.text
        if "catalog" in creation.path:
            assert shown.json()["id"] == object_id
            assert shown.json()["name"] == creation.body["name"]


def _ours(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() not in ("host", "content-length")}


def test_a_dataset_is_created_with_an_id(configuration: str, recorded: Recorder) -> None:
    assert configuration
    creation = next(each for each in recorded.creations if "catalog" in each.path)
    headers = _ours({**recorded.headers, "X-Plain": "yes"})
    created = httpx.post(
        f"{recorded.url}{creation.path}", headers=headers, json={**creation.body, "name": "Another one"}
    )
    assert created.status_code == 201
    assert re.fullmatch("[0-9a-f]{24}", created.json()["id"])


def test_the_text_is_hcl(configuration: str, tmp_path: Path) -> None:
    program = shutil.which("tofu") or shutil.which("terraform")
    if program is None:
        pytest.skip("neither tofu nor terraform is installed")
    file = tmp_path / "formatted" / "main.tf"
    file.parent.mkdir()
    file.write_text(configuration, encoding="utf-8")
    checked = subprocess.run([program, "fmt", str(file)], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


def test_templates_are_text() -> None:
    creation = Creation(
        path="/data/x", body={"a": 'x ${y} %{z} "', "b": [1, True, None], "c-d": {}, "e": []}, reply={"id": "i"}
    )
    text = as_hcl([creation], platform="http://p", plain="http://q", headers={"Authorization": "t", "X-Other": "o"})
    assert '    a = "x $${y} %%{z} \\""\n    b = [\n      1,\n      true,\n      null,\n    ]\n' in text
    assert '    "c-d" = {}\n    e = []\n  })\n}\n' in text
    assert text.count('Authorization = "t"') == 3
    assert "X-Other" not in text
    assert 'alias = "catalog"\n  uri = "http://q"' in text


def test_what_is_missing_is_said_in_the_row(tmp_path: Path, platform: Platform) -> None:
    nowhere = {"PATH": str(tmp_path), "HOME": str(tmp_path)}
    assert find_tofu(nowhere) == "neither tofu nor terraform is on the PATH"
    _program(tmp_path / "terraform")
    (tmp_path / "terraform-provider-restapi.zip").write_text("not a program", encoding="utf-8")
    assert find_tofu(nowhere) == "the provider Mastercard/restapi of terraform is not found"
    (row,) = tofu_figures(tmp_path, 4, ServedPlatform(url=platform.url), 2, nowhere)
    assert row.ratio is None
    assert row.met is None
    for words in ("the provider Mastercard/restapi of terraform is not found", "opentofu.org", "Nothing is downloaded"):
        assert words in row.note


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
def test_both_programs_are_run_on_the_same_platform(tmp_path: Path, platform: Platform) -> None:
    """A stand-in for OpenTofu: it notes how it is called, and sends one request."""
    log, programs = tmp_path / "log", tmp_path / "programs"
    programs.mkdir()
    _program(programs / "tofu", f'echo "$@" "$(cat $TF_CLI_CONFIG_FILE | tr -d "\\n")" >> {log}')
    plugins = tmp_path / ".terraform.d/plugins/registry.terraform.io/mastercard/restapi"
    plugins.mkdir(parents=True)
    _program(plugins / "terraform-provider-restapi_v2.0.1")
    (tmp_path / "work").mkdir()
    environ = {"PATH": str(programs), "HOME": str(tmp_path)}
    figures = list(tofu_figures(tmp_path / "work", 4, ServedPlatform(url=platform.url), 2, environ))
    assert [figure.name.split(",")[0] for figure in figures] == [
        "apply",
        "requests of apply",
        "no-op plan",
        "requests of no-op plan",
    ]
    assert figures[0].ratio is not None
    assert figures[1].measured != figures[3].measured
    assert figures[1].against == "tofu: 0 requests"
    apply, plan = log.read_text(encoding="utf-8").splitlines()
    assert "apply -auto-approve -no-color -parallelism=2" in apply
    assert "plan -detailed-exitcode -no-color -parallelism=2" in plan
    assert f'"Mastercard/restapi" = "{plugins}"' in plan


def _program(path: Path, line: str = "") -> None:
    path.write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
    path.chmod(0o755)

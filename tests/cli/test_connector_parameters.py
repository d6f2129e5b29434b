"""`connectors NAME` shows what each parameter may hold, and stays short whatever NAME is."""

import json
from pathlib import Path

import pytest

from flowctl.cli.main import main
from flowctl.model.catalogue_report import Parameter
from flowctl.specs.catalogue import connector, connector_names
from flowctl.specs.permitted import permitted, permitted_words


def _with_choices() -> tuple[str, str, list[str]]:
    """A connector of the catalogue with a parameter that is one of several words."""
    for name in connector_names():
        entry = connector(name)
        assert entry is not None
        for schema in (*(spec.schema for spec in entry.auth_specs), entry.source_schema):
            for param, member in schema.get("properties", {}).items():
                if member.get("enum"):
                    return name, param, list(member["enum"])
    raise AssertionError("no parameter of the catalogue has choices")


def test_a_connector_shows_what_its_parameters_may_hold(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name, param, choices = _with_choices()
    assert main(["-C", str(tmp_path), "connectors", name, "--format", "json"]) == 0
    (shown,) = json.loads(capsys.readouterr().out)["connectors"]
    params = [*shown["sourceParams"], *(each for kind in shown["authenticationTypes"] for each in kind["params"])]
    assert choices in [each["permitted"].get("enum") for each in params if each["name"] == param]
    assert all("type" in each["permitted"] or not each["permitted"] for each in params)
    assert main(["-C", str(tmp_path), "connectors", name]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert f"Permitted: {', '.join(map(str, choices))}." in out


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string"}, ""),
        ({}, ""),
        ({"type": "string", "enum": ["a", ""]}, 'Permitted: a, "".'),
        ({"const": True}, "Permitted: true."),
        ({"type": "boolean", "default": False}, "Type: boolean. Default: false."),
        ({"type": ["integer", "null"]}, "Type: integer or null."),
        ({"type": "integer", "minimum": 1, "maximum": 65535}, "Type: integer. 1 to 65535."),
        ({"type": "integer", "minimum": 0}, "Type: integer. At least 0."),
        ({"type": "number", "maximum": 9}, "Type: number. At most 9."),
        ({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}, "Type: number. More than 0. Less than 1."),
        ({"minLength": 1, "maxLength": 64}, "1 to 64 characters."),
        ({"pattern": "^a+$", "default": "a"}, "Pattern: ^a+$ Default: a."),
    ],
)
def test_what_a_schema_permits_is_said_in_words(schema: dict[str, object], words: str) -> None:
    assert permitted_words(permitted({**schema, "description": "Something", "format": "password"})) == words
    assert permitted({**schema, "description": "Something"}) == schema


def test_an_absurd_name_is_cut(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["-C", str(tmp_path), "connectors", "x" * 20_000]) == 1
    printed = "".join(capsys.readouterr())
    assert 'there is no connector "xxxx' in printed
    assert len(printed) < 500
    assert main(["-C", str(tmp_path), "connectors", "amazon-kinesys"]) == 1
    assert "`amazon-kinesis`" in "".join(capsys.readouterr())


@pytest.mark.parametrize(
    ("meaning", "limits", "explained"),
    [("A", "", "A"), ("A", "Default: b.", "A. Default: b."), ("A.", "Type: c.", "A. Type: c."), ("", "D.", "D.")],
)
def test_limits_follow_the_meaning(meaning: str, limits: str, explained: str) -> None:
    parameter = Parameter(name="x", need="", secret=False, meaning=meaning, permitted={}, limits=limits)
    assert parameter.explained == explained

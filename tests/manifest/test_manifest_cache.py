"""The cache of parsed manifests: the same answers, nothing secret in it, and never in the way."""

import json
import shutil
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from manifest_texts import CREDENTIALS

from flowctl.manifest.document import Manifests
from flowctl.manifest.reading.discover import SMALLEST
from flowctl.manifest.reading.load import load
from flowctl.settings.workspace import find, variables

SCHEMA = "apiVersion: flowctl/v1\nkind: Schema\nmetadata: {name: %s}\nclass: c\n"
DATASET = "apiVersion: flowctl/v1\nkind: Dataset\nmetadata: {name: %s}\nschema: %s\n"
CONNECTION = """\
apiVersion: flowctl/v1
kind: Connection
metadata: {name: shop}
connector: shopify-connector
auth: {specName: x, params: {accessToken: hush}}
"""


@dataclass
class Large:
    """A workspace that is large enough to be kept, and the folder of the cache."""

    root: Path
    cache: Path
    environ: dict[str, str]

    def load(self, **environ: str) -> Manifests:
        workspace = find(self.root)
        values = variables(workspace, workspace.default_environment, {})
        return load(workspace, variables=values, environ={**CREDENTIALS, **self.environ, **environ})

    @property
    def files(self) -> list[Path]:
        return sorted(path for path in self.cache.rglob("*") if path.is_file())

    def kept(self) -> list[dict[str, Any]]:
        (file,) = self.files
        files = json.loads(file.read_text().partition("\n")[2])["documents"]
        return [content for contents in files.values() for content in contents]

    def tamper(self, old: str, new: str) -> None:
        """Changes what is kept as only a program could: with the right digest."""
        (file,) = self.files
        head, _, files = file.read_text().partition("\n")
        files = files.replace(old, new)
        made = [*json.loads(head)[:-1], sha256(files.encode()).hexdigest()]
        file.write_text(json.dumps(made) + "\n" + files)


@pytest.fixture
def large(workspace_of: Callable[[Mapping[str, str]], Path], tmp_path_factory: pytest.TempPathFactory) -> Large:
    cache = tmp_path_factory.mktemp("cache")
    files = {f"schemas/s{number:03}.yaml": SCHEMA % f"s{number:03}" for number in range(SMALLEST)}
    files["two.yaml"] = DATASET % ("one", "s001") + "---\n" + DATASET % ("two", "s002")
    return Large(root=workspace_of(files), cache=cache, environ={"XDG_CACHE_HOME": str(cache)})


def _summary(manifests: Manifests) -> list[Any]:
    """All that can be asked of manifests, places included."""
    documents = [
        (document.kind, document.name, document.file, document.content, document.span("metadata", "name"))
        for document in manifests.documents
    ]
    return [documents, manifests.diagnostics, manifests.digest]


def test_the_number_of_files_decides_whether_they_are_kept(large: Large) -> None:
    (large.root / "two.yaml").unlink()
    large.load()
    assert len(large.kept()) == SMALLEST
    for file in large.files:
        file.unlink()
    (large.root / "schemas" / "s000.yaml").unlink()
    assert not large.load().diagnostics
    assert large.files == []


def test_what_was_kept_says_the_same_as_the_files(large: Large) -> None:
    first = _summary(large.load())
    assert len(large.kept()) == SMALLEST + 2
    assert _summary(large.load()) == first
    assert _summary(large.load(FLOWCTL_CACHE="off")) == first


def test_a_good_file_is_not_parsed_again(large: Large) -> None:
    large.load()
    large.tamper('"s001"', '"from-the-cache"')
    assert {document.name for document in large.load().documents} >= {"from-the-cache"}


def test_a_changed_file_is_parsed_and_a_removed_one_is_forgotten(large: Large) -> None:
    large.load()
    (large.root / "schemas/s000.yaml").write_text(SCHEMA % "changed")
    (large.root / "schemas/s003.yaml").unlink()
    (large.root / "schemas/more.yaml").write_text(SCHEMA % "more")
    names = {document.name for document in large.load().documents}
    assert {"changed", "more"} <= names
    assert not {"s000", "s003"} & names
    assert {content["metadata"]["name"] for content in large.kept()} == names


def test_a_problem_between_kept_documents_has_its_place(large: Large) -> None:
    large.load()
    (large.root / "schemas/s002.yaml").unlink()
    (problem,) = large.load().diagnostics
    assert problem.span is not None
    assert (problem.code, problem.span.file, problem.span.line, problem.span.column) == (
        "missing-reference",
        "two.yaml",
        9,
        9,
    )


NOT_KEPT = {
    "a substitution": SCHEMA % "x" + "description: ${env:HUBSPOT_TOKEN}\n",
    "an escaped substitution": SCHEMA % "x" + "description: $${env:A}\n",
    "a substitution with an escape": SCHEMA % "x" + 'description: "a \\x24{env:HUBSPOT_TOKEN}"\n',
    "a substitution that is folded": SCHEMA % "x" + 'description: "a $\\\n  {env:HUBSPOT_TOKEN}"\n',
    "an alias": SCHEMA % "x" + "title: &long a long text\ndescription: *long\n",
    "a connection": CONNECTION,
    "a connection among others": SCHEMA % "x" + "---\n" + CONNECTION,
    "an error": SCHEMA % "x" + "clas: d\n",
    "a warning": SCHEMA % "x" + "description: '1'\ntitle: !!str 007\n",
    "a syntax error": SCHEMA % "x" + "a: b: c\n",
}


@pytest.mark.parametrize("text", NOT_KEPT.values(), ids=NOT_KEPT.keys())
def test_what_is_not_plainly_good_is_not_kept(large: Large, text: str) -> None:
    (large.root / "extra.yaml").write_text(text)
    first = _summary(large.load(HUBSPOT_TOKEN="hush"))
    (file,) = large.files
    assert "hush" not in file.read_text()
    if "!!str" not in text:
        assert {content["metadata"]["name"] for content in large.kept()}.isdisjoint({"x", "shop"})
    assert _summary(large.load(HUBSPOT_TOKEN="hush")) == first


def test_a_substitution_is_recreated_each_time(large: Large) -> None:
    (large.root / "extra.yaml").write_text(SCHEMA % "x" + "description: ${env:WHAT}\n")
    for value in ("one", "two"):
        (document,) = [document for document in large.load(WHAT=value).documents if document.name == "x"]
        assert document.content["description"] == value


@pytest.mark.parametrize(
    "damage",
    ["", "{", "[]\n{}", "\n", "\x00" * 50, "[" * 100_000],
    ids=["empty", "cut", "another release", "no release", "not text", "deep"],
)
def test_a_damaged_cache_is_none(large: Large, damage: str) -> None:
    first = _summary(large.load())
    (file,) = large.files
    file.write_text(damage)
    assert _summary(large.load()) == first
    assert len(large.kept()) == SMALLEST + 2


def test_any_damage_is_seen(large: Large) -> None:
    first = _summary(large.load())
    (file,) = large.files
    file.write_text(file.read_text().replace('"s001"', '"s0O1"'))
    assert _summary(large.load()) == first


def test_only_the_user_can_read_it(large: Large) -> None:
    large.load()
    (file,) = large.files
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_small_workspace_is_not_kept(large: Large) -> None:
    for number in range(3):
        (large.root / f"schemas/s{number + 10:03}.yaml").unlink()
    large.load()
    assert large.files == []


@pytest.mark.parametrize(
    "environ",
    [
        {"FLOWCTL_CACHE": "off"},
        {"FLOWCTL_CACHE": "0"},
        {"XDG_CACHE_HOME": "", "HOME": ""},
        {"XDG_CACHE_HOME": "relative"},
        {"XDG_CACHE_HOME": "/dev/null/cache"},
    ],
)
def test_without_a_folder_or_with_the_switch_nothing_is_written(large: Large, environ: dict[str, str]) -> None:
    first = large.load(**environ)
    assert not first.diagnostics
    assert large.files == []
    assert not (large.root / "relative").exists()


def test_a_second_workspace_has_a_cache_of_its_own(large: Large, tmp_path_factory: pytest.TempPathFactory) -> None:
    large.load()
    copy = shutil.copytree(large.root, tmp_path_factory.mktemp("other") / "copy")
    Large(root=copy, cache=large.cache, environ=large.environ).load()
    assert len(large.files) == 2

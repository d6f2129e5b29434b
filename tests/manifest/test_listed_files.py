"""Which manifests their folders list as regular files, so that nothing has to look before they are opened."""

import os
from pathlib import Path

import pytest

from flowctl.manifest.reading.discover import discover
from flowctl.regular_file import read_regular
from flowctl.settings.workspace import Workspace


def test_only_regular_files_are_listed_as_such(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").touch()
    (tmp_path / "b.yaml").symlink_to("a.yml")
    (tmp_path / "a.yml").touch()
    os.mkfifo(tmp_path / "c.yaml")
    found = discover(Workspace(root=tmp_path))
    assert {"a.yaml", "c.yaml"} <= set(found.files)
    assert found.regular == {"a.yaml", "a.yml"} & set(found.files)


def test_a_file_that_was_replaced_after_it_was_listed_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.yaml")
    with pytest.raises(OSError, match="it is a named pipe, not a regular file"):
        read_regular(tmp_path / "a.yaml", is_listed=True)

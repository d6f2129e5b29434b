import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from manifest_texts import CONTRACT, CREDENTIALS, WORKSPACE

from flowctl.manifest.document import Manifests
from flowctl.manifest.reading.load import load
from flowctl.settings.workspace import find, variables

Load = Callable[..., Manifests]


@pytest.fixture
def workspace_of(tmp_path: Path) -> Callable[[Mapping[str, str | bytes]], Path]:
    def write(files: Mapping[str, str | bytes]) -> Path:
        for name, text in {"flowctl.yaml": WORKSPACE, **files}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else textwrap.dedent(text).encode())
        return tmp_path

    return write


@pytest.fixture
def loaded(workspace_of: Callable[[Mapping[str, str | bytes]], Path]) -> Load:
    """Writes files into a workspace and loads it with the contract's credentials set."""

    def run(
        files: Mapping[str, str | bytes],
        *,
        environ: Mapping[str, str] = CREDENTIALS,
        overrides: Mapping[str, str] | None = None,
        paths: tuple[Path, ...] = (),
    ) -> Manifests:
        workspace = find(workspace_of(files))
        values = variables(workspace, workspace.default_environment, overrides or {})
        return load(workspace, variables=values, environ=environ, paths=paths)

    return run


@pytest.fixture
def contract() -> str:
    return CONTRACT

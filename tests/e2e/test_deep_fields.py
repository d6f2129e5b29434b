"""Fields below each other, as deep as a manifest may declare them: none is left out, and all are read back."""

from pathlib import Path

import pytest
from surroundings import DEV, Platform, Workspace

GROUP = """\
apiVersion: flowctl/v1
kind: FieldGroup
metadata: {{name: deep}}
extends: [https://ns.adobe.com/xdm/context/profile]
fields: {{deep: {field}}}
"""


def objects(levels: int) -> str:
    return "{type: string}" if not levels else f"{{type: object, fields: {{a: {objects(levels - 1)}}}}}"


def arrays(levels: int) -> str:
    return "{type: string}" if not levels else f"{{type: array, items: {arrays(levels - 1)}}}"


@pytest.mark.parametrize("field", [objects(45), arrays(40)], ids=["objects", "arrays"])
def test_every_level_arrives(
    platform: Platform, tmp_path: Path, capsys: pytest.CaptureFixture[str], field: str
) -> None:
    workspace = Workspace(root=tmp_path, capsys=capsys)
    settings = [line for line in DEV.format(url=platform.url).splitlines() if not line.startswith("manifests:")]
    workspace.write("flowctl.yaml", "\n".join([*settings, "manifests: [schemas]", ""]))
    for text in (field, field.replace("{type: string}", "{type: string, title: Deepest}")):
        workspace.write("schemas/group.yaml", GROUP.format(field=text))
        assert workspace.plan("--detailed-exitcode").code == 2
        workspace.apply()
        assert workspace.plan("--detailed-exitcode").code == 0

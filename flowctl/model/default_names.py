"""Names of source and target connections that a manifest leaves unnamed."""

from typing import Final

_ENDINGS: Final = {"source_connection": " source connection", "target_connection": " target connection"}


def default_name(pipeline: str, kind: str) -> str:
    """The name that flowctl gives to a part of a pipeline, such as `orders target connection`."""
    return f"{pipeline}{_ENDINGS[kind]}"


def is_default_name(name: object, kind: str) -> bool:
    """Whether flowctl may have chosen this name itself."""
    return isinstance(name, str) and name.endswith(_ENDINGS[kind])

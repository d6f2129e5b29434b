"""Names of source and target connections that a manifest leaves unnamed."""


def default_name(pipeline: str, kind: str) -> str:
    """The name that flowctl gives to a part of a pipeline, such as `orders target connection`."""
    return f"{pipeline}{_ending(kind)}"


def is_default_name(name: object, kind: str) -> bool:
    """Whether flowctl may have chosen this name itself."""
    return isinstance(name, str) and name.endswith(_ending(kind))


def _ending(kind: str) -> str:
    return f" {kind.replace('_', ' ')}"

"""The pages of the documentation that came with flowctl."""

from flowctl.specs.files import docs_dir


def pages(*names: str) -> tuple[str, ...]:
    """The files of these pages, whose names are relative to `docs/`."""
    return tuple(str(docs_dir() / name) for name in names)

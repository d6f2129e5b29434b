"""One finding of a check against a JSON Schema, in words for a person."""

from typing import NamedTuple

Path = tuple[str | int, ...]


class Problem(NamedTuple):
    """A value that a schema does not accept.

    `path` leads from the checked value to the place (keys and list indexes); for a missing key it is the path of
    what should hold it. `message` says what is wrong, `expected` and `found` add what it leaves out and may be empty,
    `hint` is a whole sentence that says what to do. Values of secret parameters appear in none of them. `at_key` says
    that the place is the key and not the value.

    Only manifests' problems have the rest: `code` is the diagnostic's, `shows_value` says that `found` is the value at
    the path, and `earlier` is the place of an item that is repeated there.
    """

    path: Path
    message: str
    expected: str = ""
    found: str = ""
    hint: str = ""
    code: str = ""
    at_key: bool = False
    shows_value: bool = False
    earlier: Path | None = None

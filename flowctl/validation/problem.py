"""One finding of a check against a spec, in words for a person."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecProblem:
    """A value that a spec does not accept.

    `path` leads from the checked value to the place (keys and list indexes); for a missing key it is the path of
    what should hold it. `message` is a whole sentence without the full stop; `expected` and `found` are its two
    halves, `hint` a cure or empty. Values of secret parameters appear in none of them.
    """

    path: tuple[str | int, ...]
    message: str
    expected: str
    found: str
    hint: str = ""

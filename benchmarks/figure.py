"""One row of the result: a measured cost beside what it is compared with, and their ratio."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What was measured and against what, both with their units; `ratio` is None where it could not be measured.

    `limit` is the largest ratio that flowctl promises, None where it promises nothing. `note` says what the reader
    needs to know, for instance why a figure is missing.
    """

    name: str
    measured: str
    against: str
    ratio: float | None
    limit: float | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the promise is kept; None where there is no promise or no figure."""
        return None if self.ratio is None or self.limit is None else self.ratio <= self.limit


def seconds(value: float) -> str:
    """A duration for a person: milliseconds below a second."""
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.2f} s"

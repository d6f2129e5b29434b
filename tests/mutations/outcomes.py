"""What is known of changes that were tried: a line of JSON each."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.mutations.sites import Mutation

Place = tuple[str, Mutation]
"""A module and a change of it."""

RECORDED = Path(__file__).with_name("outcomes.jsonl")
"""What the last complete run found. A run asks the test that is recorded here first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one change ended.

    `red` names the test that failed, empty if none did. `equal` says why none can: the program behaves as before.
    """

    module: str
    what: str
    before: str
    number: int
    scope: str = ""
    red: str = ""
    equal: str = ""

    @classmethod
    def of(cls, place: Place, red: str) -> "Outcome":
        """The outcome of a change."""
        module, change = place
        return cls(
            module=module, scope=change.scope, what=change.what, before=change.before, number=change.number, red=red
        )

    @property
    def place(self) -> tuple[str, str, str, str, int]:
        """The change, whatever came of it."""
        return self.module, self.scope, self.what, self.before, self.number


class Outcomes:
    """The outcomes that a file holds. A place is found again although other parts of its module have changed."""

    def __init__(self, file: Path) -> None:
        self._file = file
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        self._known = {outcome.place: outcome for outcome in (Outcome(**json.loads(line)) for line in lines)}

    def get(self, place: Place) -> Outcome | None:
        """What is known of a change."""
        return self._known.get(Outcome.of(place, "").place)

    def add(self, outcome: Outcome) -> None:
        """Keeps an outcome."""
        self._known[outcome.place] = outcome
        with self._file.open("a", encoding="utf-8") as lines:
            lines.write(_line(outcome))


def write(outcomes: Iterable[Outcome], file: Path) -> None:
    """Writes outcomes to a file, in the order of their modules; the last one of each change."""
    last = {outcome.place: outcome for outcome in outcomes}
    file.write_text("".join(_line(last[place]) for place in sorted(last)), encoding="utf-8")


def read(file: Path) -> list[Outcome]:
    """All outcomes of a file."""
    return [Outcome(**json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]


def _line(outcome: Outcome) -> str:
    return json.dumps({key: value for key, value in asdict(outcome).items() if value}, ensure_ascii=False) + "\n"

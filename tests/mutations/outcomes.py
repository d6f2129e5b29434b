"""What is known of changes that were tried: a line of JSON each, so that a stopped run goes on where it was."""

import json
from dataclasses import asdict
from pathlib import Path

from tests.mutations.sites import Mutation
from tests.mutations.trial import Outcome

Place = tuple[str, Mutation]
"""A module and a change of it."""


class Outcomes:
    """The outcomes that a file holds, by module and change."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._known: dict[str, Outcome] = {}
        if file.exists():
            for line in file.read_text(encoding="utf-8").splitlines():
                key, outcome = json.loads(line)
                self._known[key] = Outcome(**outcome)

    def __contains__(self, place: Place) -> bool:
        return _key(place) in self._known

    def __getitem__(self, place: Place) -> Outcome:
        return self._known[_key(place)]

    def add(self, place: Place, outcome: Outcome) -> None:
        """Keeps an outcome."""
        key = _key(place)
        self._known[key] = outcome
        with self._file.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps([key, asdict(outcome)]) + "\n")


def _key(place: Place) -> str:
    module, change = place
    return f"{module}:{change.start}-{change.end}:{change.text}"

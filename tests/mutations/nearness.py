"""Which test files are near to a place of the product: the nearest probably notice a change there."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Set
from functools import cached_property
from pathlib import Path, PurePosixPath

_WORD = re.compile(r"[a-z]{3,}")
_BEGINNING = 6
"""Words count as one if they begin alike: accept, accepted and accepting."""
_LEFT_OUT = (
    *("packaging", "docs", "mutations", "benchmarks", "recorded", "structure"),
    *("emulator", "dataprep", "xdm", "text", "validation"),
)
"""Folders whose tests build a wheel, renew documentation or try other programs: they take long and notice nothing."""
_SLOW = ("faults", "property", "trust", "ci")
_A_FEW = 50
"""So many words any test has."""
_MIRRORED, _IMPORTED = 1.5, 2.0
"""How much nearer a test is whose file is named like the package or the module, or which imports the module."""


class Nearness:
    """The test files of a checkout, and how much each has in common with a place of the product.

    What two texts have in common are words; a word that few test files have weighs most.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def files(self, module: str, text: str) -> list[str]:
        """All test files, the nearest first, for a text (a function, say) of a module. Slow ones are the last."""
        weights, path = self.weights(module, text), PurePosixPath(module)
        name = ".".join(path.with_suffix("").parts)
        return sorted(self._texts, key=lambda file: (_is_slow(file), -self._common(file, weights, path, name), file))

    def weights(self, module: str, text: str) -> dict[str, float]:
        """How much it tells that a test has one of the words of a text, or of the module's name."""
        words = _words(text) | _words(PurePosixPath(module).stem)
        return {word: self._weights[word] for word in words if word in self._weights}

    def _common(self, file: str, weights: Mapping[str, float], module: PurePosixPath, name: str) -> float:
        common = _sum(weights, self._words_of[file])
        if _words(str(module.relative_to("flowctl"))) & _words(file.removeprefix("tests/")):
            common *= _MIRRORED
        if name in self._texts[file]:
            common *= _IMPORTED
        return common

    @cached_property
    def _texts(self) -> dict[str, str]:
        files = sorted((self._root / "tests").rglob("test_*.py"))
        names = {file.relative_to(self._root).as_posix(): file for file in files}
        return {
            name: file.read_text(encoding="utf-8")
            for name, file in names.items()
            if PurePosixPath(name).parts[1] not in _LEFT_OUT
        }

    @cached_property
    def _words_of(self) -> dict[str, set[str]]:
        return {file: _words(f"{file} {text}") for file, text in self._texts.items()}

    @cached_property
    def _weights(self) -> dict[str, float]:
        count = Counter(word for words in self._words_of.values() for word in words)
        return {word: math.log(len(self._words_of) / number) ** 2 for word, number in count.items()}


def common(text: str, weights: Mapping[str, float]) -> float:
    """How much a text tells by the words that it has; a long one has many by chance."""
    return _sum(weights, _words(text))


def _sum(weights: Mapping[str, float], words: Set[str]) -> float:
    return sum(weights[word] for word in weights.keys() & words) / math.sqrt(_A_FEW + len(words))


def _words(text: str) -> set[str]:
    return {word[:_BEGINNING] for word in _WORD.findall(text.lower())}


def _is_slow(file: str) -> bool:
    return PurePosixPath(file).parts[1] in _SLOW

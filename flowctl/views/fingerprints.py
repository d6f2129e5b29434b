"""Fingerprints of findings: equal for the same problem, also after lines above it were added or removed."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from typing import Final

from flowctl.model.diagnostic import Diagnostic
from flowctl.views.findings import place

_NUMBER: Final = re.compile(r"\b[0-9]+\b")


def fingerprints(findings: Sequence[Diagnostic], folder: str, masked: Callable[[str], str]) -> Iterator[str]:
    """The fingerprint of each finding; no two are equal.

    Numbers in messages do not count, because some are lines. `masked` keeps secrets out: a short one could be found by
    trying what has the same fingerprint.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    for finding in findings:
        words = _NUMBER.sub("0", masked(finding.summary))
        about = (finding.code, place(finding, folder).file, finding.address or "", words)
        yield sha256("\0".join((*about, str(seen[about]))).encode("utf-8", "replace")).hexdigest()
        seen[about] += 1

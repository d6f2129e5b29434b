"""What to look for in a folded text: the forms of each secret, and the shortest part of each that reveals it."""

import base64
import json
import math
import re
from collections.abc import Collection, Iterator
from typing import Final, NamedTuple
from urllib.parse import quote, quote_plus

from flowctl.masking.codings import folded

SHORTEST: Final = 4
"""Characters of the shortest secret that is masked. Three characters are found by trying, and stand in every second
word: masking them would take the output and protect nothing."""
SHORTEST_WITHIN: Final = 8
"""Characters from which on a secret is masked within a longer word, in any coding and where it is cut. By chance eight
given characters do not stand anywhere; four to seven do, and are masked only where they stand alone."""
_LONGEST_CUT: Final = 12
"""Characters of a secret's beginning or end that are always masked; of shorter ones, half."""
_STRUCTURED_CUT: Final = 64
"""The same of a structured secret, whose beginning only says what for it is."""

# What everyone tries first, and what every output of flowctl holds: hiding these hides nothing.
_COMMON_WORDS: Final = """
true false null none yes no on off admin administrator root user username guest test testing demo example sample dev
development stage staging prod production local localhost default public private secret secrets password passwd changeme
changeit postgres postgresql mysql oracle token basic bearer anonymous service account database server string value
connection sensitive (sensitive) enabled disabled local-secret local-token
organization environment sandbox schema dataset mapping pipeline flow source target field plan apply title name auth
params will create created update updated replace replaced delete deleted change changed unchanged place error warning
summary complete done status 0000 1111 1234 12345 123456 1234567 12345678
"""
COMMON: Final = frozenset(_COMMON_WORDS.split())


class Needle(NamedTuple):
    """One form of a secret, folded.

    `cut` is the length of the beginning or the end that reveals it. With `alone`, it counts only if it is not part of
    a longer word or number.
    """

    text: str
    cut: int
    alone: bool

    @property
    def head(self) -> str:
        """The beginning that reveals it."""
        return self.text[: self.cut]

    @property
    def tail(self) -> str:
        """The end that reveals it."""
        return self.text[-self.cut :]


def needles(secret: str, *, structured: bool, public: str, words: Collection[str]) -> Iterator[Needle]:
    """The needles of a secret; none if it is too short or too common.

    The beginning of a structured secret, such as a connection string, reveals nothing. `public` is the folded text that
    the workspace shows in clear, and `words` are its words: neither is a secret.
    """
    plain = folded(secret)
    if len(plain) < SHORTEST or plain in COMMON or plain in words:
        return
    if len(plain) < SHORTEST_WITHIN:
        yield Needle(plain, len(plain), alone=True)
        for form in dict.fromkeys(map(folded, _encoded(secret.encode(errors="surrogateescape")))):
            if len(form) >= SHORTEST_WITHIN:
                yield Needle(form, len(form), alone=False)
        return
    is_number = plain.isdigit()
    for form in dict.fromkeys(map(folded, _written(secret))):
        yield Needle(form, _cut(form, public, whole=structured or is_number), alone=is_number)
    for form in dict.fromkeys(map(folded, _all_encoded(secret))):
        if len(form) >= SHORTEST_WITHIN:
            yield Needle(form, _cut(form, public, whole=structured), alone=False)


def _written(secret: str) -> Iterator[str]:
    """The secret as text: as it is, with its spaces as a form sends them, and decoded with the wrong character set."""
    yield secret
    if re.search(r"\s", secret):
        yield re.sub(r"\s", "+", secret)
    if not secret.isascii():
        yield secret.encode(errors="surrogateescape").decode("latin1")
        yield secret.encode(errors="surrogateescape").decode("cp1252", "replace")


def _all_encoded(secret: str) -> Iterator[str]:
    """The encoded forms of the secret's bytes, also after JSON or form encoding."""
    in_json = (json.dumps(secret, ensure_ascii=ascii_only)[1:-1] for ascii_only in (True, False))
    in_form = (how(secret, safe="", errors="surrogateescape") for how in (quote, quote_plus))
    for text in dict.fromkeys((secret, *in_json, *in_form)):
        yield from _encoded(text.encode(errors="surrogateescape"))


def _encoded(raw: bytes) -> Iterator[str]:
    yield raw.hex()
    yield raw.hex(":")
    yield ",".join(map(str, raw))
    yield ",".join(str(byte - 256 if byte > 127 else byte) for byte in raw)
    yield base64.b64encode(raw).decode().rstrip("=")
    for shift in range(3):
        # Within a longer text, such as user:password, the first and the last character depend on the neighbors.
        text = base64.b64encode(b"\0" * shift + raw).decode()
        core = text[math.ceil(shift * 8 / 6) : (shift + len(raw)) * 8 // 6]
        yield core
        if "+" in core or "/" in core:
            yield core.replace("+", "-").replace("/", "_")


def _cut(form: str, public: str, *, whole: bool) -> int:
    """The length of the beginning or the end that is enough. A part that the workspace shows is never enough."""
    cut = _STRUCTURED_CUT if whole else min(_LONGEST_CUT, max(SHORTEST_WITHIN, math.ceil(len(form) / 2)))
    while cut < len(form) and any(part in public or part in _COMMON_WORDS for part in (form[:cut], form[-cut:])):
        cut += 1
    return min(cut, len(form))

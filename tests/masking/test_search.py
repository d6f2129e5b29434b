"""The search for secrets: short texts are looked through part by part, long ones by a pattern, with one result."""

import pytest

from flowctl.masking.needles import needles
from flowctl.masking.search import Search
from flowctl.masking.secret_values import MASK, SecretValues
from flowctl.model.resource import SENSITIVE

SECRET = "s3cr3t-Passphrase-of-42"
OTHER = "another-Long-Credential-7"
TEXTS = [
    "nothing of it",
    f"password={SECRET};",
    f"PASSWORD={SECRET.upper()};",
    f"{SECRET} and {OTHER}",
    "".join(f"%{ord(sign):02X}" for sign in SECRET),
    f"cut: {SECRET[:14]}...",
    SECRET[-13:],
    "S3cr3t",
]


def search() -> Search:
    words: set[str] = set()
    return Search(
        needle for text in (SECRET, OTHER) for needle in needles(text, structured=False, public="", words=words)
    )


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_searched_alike_before_and_after_the_pattern_is_compiled(text: str) -> None:
    fresh, used = search(), search()
    long_text = "." * 1200
    assert used.spans(f"{long_text}{SECRET}") == [(len(long_text), len(long_text) + len(SECRET))]
    assert fresh.spans(text) == used.spans(text)
    moved = [(begin + len(long_text), end + len(long_text)) for begin, end in fresh.spans(text)]
    assert used.spans(long_text + text) == moved


def test_a_short_text_without_a_secret_compiles_no_pattern() -> None:
    fresh = search()
    assert fresh.spans("Valid.") == []
    assert "_pattern" not in vars(fresh)
    fresh.spans("." * 1200)
    assert "_pattern" in vars(fresh)


def test_nothing_is_found_where_nothing_is_secret() -> None:
    assert Search([]).spans(SECRET) == []


def test_an_entity_is_undone() -> None:
    secrets = SecretValues()
    secrets.add("pass&word<of>all")
    assert secrets.masked("it is pass&amp;word&lt;of&gt;all.") == f"it is {MASK}."


def test_a_masked_json_text_stays_json() -> None:
    secrets = SecretValues()
    secrets.add(SECRET)
    assert secrets.masked(f'{{"a": "{SECRET}"}}\n') == f'{{"a": "{MASK}"}}\n'


@pytest.mark.parametrize("fixed", ["local-secret", "local-token"])
def test_the_fixed_credentials_of_the_emulator_hide_nothing(fixed: str) -> None:
    secrets = SecretValues()
    secrets.add(fixed)
    shown = f"https://ns.adobe.com/loca…eca213aff, {fixed}"
    assert secrets.masked(shown) == shown


def test_a_long_secret_of_one_sign_is_masked_at_once() -> None:
    # Each place of such a text begins a part of the secret: the search must not read the rest of the text at each.
    secrets = SecretValues()
    secrets.add("x" * 10_000)
    assert secrets.masked(f"found {'x' * 10_000} and {'x' * 9_000}y") == "found (sensitive) and (sensitive)y"


def test_a_secret_looks_alike_wherever_it_is_hidden() -> None:
    assert SENSITIVE == MASK

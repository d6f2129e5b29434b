"""A text in a harmless place counts as a secret where it contains a credential, of whatever form."""

import pytest

from flowctl.masking.parts import holds_credentials


@pytest.mark.parametrize(
    "text",
    [
        "https://ann:pa55word@example.com",
        "ftp://:pa55word@example.com/x",
        "-----BEGIN PRIVATE KEY-----",
        "-----begin rsa private key-----abc",
        "https://example.com/file?sig=abcdef",
        "X-Amz-Signature=abcdef",
        "password=abcd",
        "password\u00a0= abcd",
        "Bearer abcdefgh01",
        "basic\tYWxhZGRpbg==",
    ],
)
def test_a_credential_is_found(text: str) -> None:
    assert holds_credentials(text)
    assert holds_credentials({"a": ["plain text", text]})


@pytest.mark.parametrize(
    "text",
    [
        "/landing/0001",
        "public.table_0000",
        "https://example.com:8080/a/b",
        "ann@example.com",
        "password of a table",
        "bearer-of-good-news",
        "a=b",
        "pwd=1",
        "",
    ],
)
def test_a_harmless_text_is_none(text: str) -> None:
    assert not holds_credentials(text)

"""Secret parts of a longer value: passwords in connection strings and URLs, members of JSON, lines of a key."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import unquote

from flowctl.late_pattern import late_pattern

_URL: Final = late_pattern(r"[A-Za-z][A-Za-z0-9+.-]{0,31}://(?:([^/?#@\s]*)@)?[^/?#\s]*(\S*)")
_BETWEEN_PAIRS: Final = late_pattern(r"[;&?\n]")
_NAME: Final = late_pattern(r"\s*[A-Za-z][A-Za-z0-9 _.-]+\Z")
_QUOTES: Final = frozenset({("'", "'"), ('"', '"'), ("{", "}")})
_PRIVATE_KEY: Final = "-----BEGIN"
_SHORTEST_LINE: Final = 16
"""A line of a key, or what follows the host in a URL, that is shorter is found as a part of the whole."""

# What connection strings say besides the credential (where, which database, as whom, how), the fields of a shared
# access signature besides `sig`, and the members of a service account's key file besides the key.
_HARMLESS_WORDS: Final = """
server host hostname datasource address addr networkaddress port database initialcatalog dbq dbname catalog schema uid
user userid username accountname account driver role warehouse region encrypt trustservercertificate ssl sslmode timeout
connecttimeout connectiontimeout logintimeout authentication authenticationtype integratedsecurity endpoint
endpointsuffix defaultendpointsprotocol blobendpoint fileendpoint queueendpoint tableendpoint entitypath
sharedaccesskeyname applicationname
sv ss srt sp se st spr sr si sip skoid sktid skt ske sks skv
type projectid clientemail clientid authuri tokenuri authproviderx509certurl clientx509certurl universedomain
"""
_HARMLESS_MEMBERS: Final = frozenset(_HARMLESS_WORDS.split())
_CREDENTIAL: Final = late_pattern(
    r"://[^/?#@\s:]*:[^/?#@\s]+@"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|(?:^|[?&;\s])(?:sig|(?:x-amz-|x-goog-)?signature|x-amz-security-token|password|passwd|pwd|(?:client_?)?secret"
    r"|account_?key|shared_?access_?(?:key|signature)|(?:access_?|refresh_?|auth_?)?token|api[_-]?key|subscription-key"
    r"|authorization)\s*=\s*[^;&\s]"
    r"|\b(?:bearer|basic)\s+[A-Za-z0-9+/_.~-]{8,}=*\s*$",
    re.I,
)


_IN_EVERY_CREDENTIAL: Final = late_pattern(r"[=@\s]")
"""One of these is in every text that `_CREDENTIAL` finds; most texts have none, which is told five times faster."""


def holds_credentials(value: Any) -> bool:
    """Whether a value in a harmless place contains a credential: a password in a URL, a signature, a private key."""
    if isinstance(value, str):
        is_long = len(value) > _SHORTEST_LINE // 2
        return is_long and _IN_EVERY_CREDENTIAL.search(value) is not None and _CREDENTIAL.search(value) is not None
    if isinstance(value, Mapping):
        return any(map(holds_credentials, value.values()))
    return isinstance(value, list | tuple) and any(map(holds_credentials, value))


def secret_parts(value: str) -> Iterator[str]:
    """The parts of a secret that are secret on their own; none if it is one opaque string.

    The address of a server and the name of a database or a user are not secret: many harmless texts contain them.
    """
    if value.lstrip()[:1] in ("{", "["):
        yield from _members(value)
        return
    url = _URL.search(value)
    if url is not None:
        _, colon, password = (url[1] or "").partition(":")
        yield from _with_decoded(password if colon else "")
        if "?" not in url[2] and ";" not in url[2] and len(url[2]) >= _SHORTEST_LINE:
            yield url[2]
    if _PRIVATE_KEY in value:
        yield from (line for line in value.splitlines() if len(line) >= _SHORTEST_LINE and not line.startswith("--"))
        return
    for pair in _BETWEEN_PAIRS.split(value):
        name, equals, secret = pair.partition("=")
        if equals and _NAME.match(name) and _plain(name) not in _HARMLESS_MEMBERS:
            yield from _with_decoded(_unquoted(secret.strip()))


def _members(value: str) -> Iterator[str]:
    try:
        document = json.loads(value)
    except (ValueError, RecursionError):
        return
    yield from texts_of(document)


def texts_of(value: Any, name: str = "") -> Iterator[str]:
    """The strings in a secret mapping or list, without members that are known to be harmless."""
    if isinstance(value, Mapping):
        for key, member in value.items():
            yield from texts_of(member, str(key))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts_of(item, name)
    elif value is not None and not isinstance(value, bool) and _plain(name) not in _HARMLESS_MEMBERS:
        yield str(value)
        yield from secret_parts(str(value)) if isinstance(value, str) else ()


def _unquoted(text: str) -> str:
    """A value of a connection string without the quotes or braces around it."""
    return text[1:-1] if len(text) > 2 and (text[0], text[-1]) in _QUOTES else text


def _with_decoded(text: str) -> Iterator[str]:
    if text:
        yield text
        if "%" in text:
            yield unquote(text)


def _plain(name: str) -> str:
    """A name without case, spaces and hyphens, in which systems differ."""
    return re.sub(r"[\s_.-]", "", name).lower()

"""One exchange of a record: a request and its reply as they are written, and the last look before they are."""

import json
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote

from flowctl.masking.secret_values import MASK, SecretValues
from flowctl.recording.bodies import Bodies
from flowctl.recording.placeholders import ATOM, ID, Placeholders
from flowctl.recording.texts import Texts
from flowctl.recording.vocabulary import vocabulary

SENT: Final = ("accept", "content-type", "pragma", "if-match", "x-sandbox-name", "x-gw-ims-org-id", "x-api-key")
RECEIVED: Final = ("content-type", "location", "etag", "retry-after", "content-range", "allow")
LARGEST_LINE: Final = 16_000_000
"""Characters of an exchange as it is written. Of the bodies of a larger one, the sizes stay."""
_LEAKS: Final = re.compile(
    r"[\w.+-]+@(?!AdobeOrg|AdobeID|techacct\.adobe\.com|AdobeService|example\.com|/)[\w-]+\.?[\w.-]*|eyJ[\w-]{8,}\.|-----BEGIN"
)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The headers and the body of one side; `content` is None if the body was too large to keep."""

    headers: Mapping[str, str]
    content: bytes | None = b""
    size: int = 0


class Writer:
    """Writes exchanges as they stand in a record. Threads may share it."""

    def __init__(self, endpoint: str = "", placeholders: Placeholders | None = None) -> None:
        self.made = placeholders or Placeholders()
        self._secrets = SecretValues()
        # What every record holds is not a secret: a password that is such a word hides nothing, and would withhold all.
        self._secrets.publish(vocabulary().members | vocabulary().values)
        self._texts = Texts(self.made, endpoint)
        self._bodies = Bodies(self._texts, self._secrets)
        self._lock = threading.Lock()

    def exchange(
        self, method: str, target: str, sent: Part, status: int | None, received: Part, failure: str = ""
    ) -> dict[str, Any]:
        """Return the members of one exchange; without a reply, `failure` says in a word what happened.

        What does not pass the last look is left out, with `withheld`.
        """
        with self._lock:
            try:
                made = self._exchange(method, target, sent, status, received, failure)
                line = json.dumps(made, ensure_ascii=False)
                if len(line) > LARGEST_LINE:
                    made = _without_bodies(made, sent, received)
                    line = json.dumps(made, ensure_ascii=False)
                passes = self._passes(line)
            except (ValueError, TypeError, RecursionError, AttributeError, LookupError):
                passes = False
            if passes:
                return made
            request: dict[str, Any] = {"method": _method(method), "path": "/", "query": "", "headers": {}, "body": None}
            if status is None:
                return {"request": request, "failure": failure, "withheld": True}
            return {"request": request, "reply": {"status": status, "headers": {}, "body": None}, "withheld": True}

    def reply(self, method: str, target: str, status: int, received: Part) -> dict[str, Any]:
        """Return the members of a reply."""
        headers = {name.lower(): value for name, value in received.headers.items()}
        body = None
        if method != "HEAD":
            body = self._bodies.body(received.content, received.size, headers, target, status)
        kept = {name: self._header(name, headers[name]) for name in RECEIVED if name in headers}
        return {"status": status, "headers": kept, "body": body}

    def _exchange(
        self, method: str, target: str, sent: Part, status: int | None, received: Part, failure: str
    ) -> dict[str, Any]:
        headers = {name.lower(): value for name, value in sent.headers.items()}
        path, _, query = target.partition("?")
        authorization = headers.get("authorization", "")
        for credential in (authorization.partition(" ")[2] or authorization, headers.get("x-api-key", "")):
            self._secrets.add(credential)
        named: dict[str, str] = {name: self._header(name, headers[name]) for name in SENT if name in headers}
        request = {
            "method": _method(method),
            "path": self._texts.path(path),
            "query": self._texts.query(query) if query else "",
            "headers": named,
            "body": self._bodies.body(sent.content, sent.size, headers, target),
        }
        if authorization:
            scheme, _, token = authorization.partition(" ")
            known = scheme if scheme in ("Bearer", "bearer") else "Other"
            named["authorization"] = f"{known} {self.made.secret(token or scheme)}"
        if status is None:
            return {"request": request, "failure": failure}
        return {"request": request, "reply": self.reply(method, target, status, received)}

    def _header(self, name: str, value: str) -> str:
        if name == "x-api-key":
            return self.made.secret(value)
        if name in ("retry-after", "content-range"):
            return value if re.fullmatch(r"[0-9]{1,5}|bytes [0-9*]{1,12}(?:-[0-9]{1,12})?/[0-9*]{1,12}", value) else "1"
        if name == "allow":
            return ", ".join(word for word in re.findall("[A-Z]+", value) if word in _METHODS)
        parts = value.split(",") if name == "accept" else [value]
        return ", ".join(self._texts.value(part.strip()) for part in parts)

    def _passes(self, line: str) -> bool:
        """Whether nothing is left in the exchange that is a secret, an address or an ID of an organization."""
        if _LEAKS.search(line) or MASK in self._secrets.masked(_without_public(line)):
            return False
        ids = vocabulary().ids
        return all(ATOM.fullmatch(match[0]) or match[0] in ids for match in ID.finditer(unquote(line)))


def _without_bodies(made: dict[str, Any], sent: Part, received: Part) -> dict[str, Any]:
    """Return an exchange with the sizes of its bodies: placeholders can be longer than the values that they replace."""
    for side, part in (("request", sent), ("reply", received)):
        if side in made and made[side]["body"] is not None:
            made[side]["body"] = {"bytes": part.size, "why": "too large"}
    return made


def _method(method: str) -> str:
    return method if method in _METHODS else "OTHER"


def _without_public(line: str) -> str:
    """Return the line without its placeholders and public IDs: what a secret may be equal to by chance."""
    return ID.sub("", ATOM.sub("", line))

"""A record sent again: each request with the emulator's credentials, and with its IDs in place of the recorded ones."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, unquote, urlencode

from flowctl.model.comparison_report import ComparedRecord, Difference, DifferingExchange, SkippedExchange
from flowctl.recording.differences import Pairs, differences
from flowctl.recording.exchanges import Part, Writer
from flowctl.recording.not_sent import batch_of_upload, why_not_sent
from flowctl.recording.placeholders import ATOM, Placeholders, blanked
from flowctl.recording.record_file import Recorded
from flowctl.recording.sandboxes import shown_to_exist
from flowctl.recording.texts import ENDPOINT

_FIRST: Final = 0x1000000
"""The number of the emulator's first placeholder: a record has fewer."""
_FILES: Final = "/export/files/"
"""Below it are files with the rows of a batch, which no record has. Their IDs have no form of their own."""
_WRONG_TOKEN: Final = "Bearer not-a-token"
_WRONG_SECRET: Final = "not-a-secret"


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """Who asks the emulator, and for what: its address, organization, tenant, client and sandbox."""

    url: str
    organization: str
    tenant: str
    client: str
    secret: str
    token: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply of the emulator."""

    status: int
    headers: Mapping[str, str]
    content: bytes


Send = Callable[[str, str, Mapping[str, str], bytes | None], Answer]
"""Sends a request to the emulator: method, target, headers, body."""


class Replay:
    """One record, compared exchange by exchange. The emulator has to have its `sandboxes` before."""

    def __init__(self, recorded: Recorded, platform: Platform, send: Send) -> None:
        self._recorded = recorded
        self._platform = platform
        self._send = send
        self._pairs = Pairs()
        self.sandboxes = shown_to_exist(recorded.exchanges)
        known = _atoms(recorded.exchanges)
        organization, tenant = _first(known, "org-"), _tenant(recorded.exchanges)
        self._stand_ins = {organization: platform.organization.removesuffix("@AdobeOrg"), tenant: platform.tenant}
        given = {platform.organization: f"{organization}@AdobeOrg" * bool(organization), platform.tenant: tenant}
        given[platform.client] = _api_key(recorded.exchanges)
        self._made = Placeholders(
            first=_FIRST, kept=known, given={value: made for value, made in given.items() if made}
        )
        self._writer = Writer(platform.url, self._made)

    def compared(self, file: str) -> ComparedRecord:
        """Send everything and return how the replies differ."""
        differing, skipped, compared = [], [], 0
        for number, exchange in enumerate(self._recorded.exchanges, 1):
            request = exchange["request"]
            where: dict[str, Any] = {
                "exchange": number,
                "method": request["method"],
                "path": request["path"] + (f"?{request['query']}" if request["query"] else ""),
            }
            reason = self._why_not(exchange)
            if reason:
                skipped.append(SkippedExchange(**where, reason=reason))
                batch = batch_of_upload(request)
                if batch:
                    self._pairs.left_out.add(batch)
                continue
            compared += 1
            found = tuple(self._differences(exchange))
            if found:
                differing.append(DifferingExchange(**where, differences=found))
        return ComparedRecord(
            file=file,
            exchanges=len(self._recorded.exchanges),
            compared=compared,
            differing=tuple(differing),
            skipped=tuple(skipped),
            is_cut=self._recorded.is_cut,
        )

    def _why_not(self, exchange: dict[str, Any]) -> str:
        reason = why_not_sent(exchange, self.sandboxes)
        if reason:
            return reason
        request = exchange["request"]
        body = request["body"]
        sent = (request["path"], request["query"], (body or {}).get("json"))
        if not self._pairs.left_out.isdisjoint(_atoms(sent)):
            return "it is about a batch whose rows are not in the record"
        needed = [atom for atom in _atoms(sent) if "id of" in blanked(atom)]
        if _FILES in request["path"]:
            needed += _atoms(request["path"])
        if any(self._live(atom) is None for atom in needed):
            return "it needs an object that was there before the record, or was not created here"
        return ""

    def _differences(self, exchange: dict[str, Any]) -> Iterator[Difference]:
        request, reply = exchange["request"], exchange["reply"]
        target = self._in_path(request["path"])
        own = self._credentials(is_refused=reply["status"] == 401)
        if request["query"]:
            target += "?" + self._query(request["query"], own)
        content = self._content(request["body"], own)
        answer = self._send(request["method"], target, self._headers(request, reply), content)
        received = Part(headers=answer.headers, content=answer.content, size=len(answer.content))
        live = self._writer.reply(request["method"], target, answer.status, received)
        yield from differences(reply, live, self._pairs)

    def _headers(self, request: dict[str, Any], reply: dict[str, Any]) -> dict[str, str]:
        headers = {name: self._filled(value) for name, value in request["headers"].items()}
        for name, own in (("x-api-key", self._platform.client), ("x-gw-ims-org-id", self._platform.organization)):
            if name in headers:
                headers[name] = own
        if "authorization" in headers:
            headers["authorization"] = _WRONG_TOKEN if reply["status"] == 401 else f"Bearer {self._platform.token}"
        return headers

    def _credentials(self, *, is_refused: bool) -> dict[str, str]:
        """Return what the emulator gives a token for, or refuses one."""
        return {
            "client_id": self._platform.client,
            "client_secret": _WRONG_SECRET if is_refused else self._platform.secret,
        }

    def _query(self, query: str, own: Mapping[str, str]) -> str:
        pairs = (pair.partition("=") for pair in query.split("&"))
        return "&".join(
            f"{name}{sign}{own[name] if name in own else self._filled(value)}" for name, sign, value in pairs
        )

    def _content(self, body: dict[str, Any] | None, own: Mapping[str, str]) -> bytes | None:
        if body is None:
            return None
        if "form" in body:
            return urlencode([(name, own.get(name, value)) for name, value in body["form"]]).encode()
        return json.dumps(self._filled_value(body["json"])).encode()

    def _filled_value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {self._filled(name): self._filled_value(member) for name, member in value.items()}
        if isinstance(value, list):
            return [self._filled_value(item) for item in value]
        if isinstance(value, int) and ATOM.fullmatch(str(value)):
            return int(self._filled(str(value)))
        return self._filled(value) if isinstance(value, str) else value

    def _filled(self, text: str) -> str:
        """Return a recorded text with what the emulator calls the same."""
        text = text.replace(ENDPOINT, self._platform.url) if text.startswith(ENDPOINT) else text
        return ATOM.sub(lambda match: self._live(match[0]) or match[0], text)

    def _in_path(self, path: str) -> str:
        return "/".join(
            quote(self._filled(unquote(part)), safe="@") if ATOM.search(unquote(part)) else part
            for part in path.split("/")
        )

    def _live(self, atom: str) -> str | None:
        if atom in self._stand_ins:
            return self._stand_ins[atom]
        partner = self._pairs.live(atom)
        return None if partner is None else self._made.originals.get(partner, partner)


def _api_key(exchanges: Sequence[dict[str, Any]]) -> str:
    """Return what stands for the client of most requests: it is in what it created, too."""
    keys = (exchange["request"]["headers"].get("x-api-key", "") for exchange in exchanges)
    return next((key for key in keys if ATOM.fullmatch(key)), "")


def _tenant(exchanges: Sequence[dict[str, Any]]) -> str:
    """Return the word that stands for the tenant: it is in the IDs of its own resources."""
    text = json.dumps(exchanges)
    for mark in ("https://ns.adobe.com/", "https%3A%2F%2Fns.adobe.com%2F", '"tenantId": "'):
        for part in text.split(mark)[1:]:
            match = ATOM.match(part)
            if match:
                return match[0]
    return ""


def _first(atoms: Sequence[str], prefix: str) -> str:
    return next((atom for atom in atoms if atom.startswith(prefix)), "")


def _atoms(value: Any) -> list[str]:
    return list(dict.fromkeys(ATOM.findall(json.dumps(value, ensure_ascii=False))))

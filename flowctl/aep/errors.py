"""Failed requests into errors that a person can act on.

Bodies differ by layer: the gateway's `{"error_code", "message"}`, Flow Service's `report.detailed-message`, the
registry's and Catalog's `detail`, IMS's `error_description` (Flow Service API, 1.3 and 1.4; Catalog API, 12).
"""

import time
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from flowctl.aep.raw_reply import RawReply
from flowctl.aep.retry import retry_after_seconds
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.errors import Refused
from flowctl.model.reply_time import reply_time
from flowctl.model.request import Request

Masked: TypeAlias = Callable[[str], str]
"""Take the secrets of the run out of a text of the platform's, which may quote what was sent."""

_LONGEST_TEXT = 300
_REDIRECTED = "Redirects are not followed, because credentials would go with them: correct the endpoint."
_CODE_HINTS = {
    "XDM-1521-400": "Refer to the schema that has it as {title: ...}, choose another title, or record that schema with "
    "flowctl state repair.",
}
_HINTS = {
    301: _REDIRECTED,
    302: _REDIRECTED,
    303: _REDIRECTED,
    307: _REDIRECTED,
    308: _REDIRECTED,
    401: "The token was refused: check the credentials of this environment.",
    403: "The credential lacks a permission: check its product profile, the organization and the sandbox.",
    404: "Check the sandbox name and the id; access labels may hide the object from this credential.",
    429: "The platform throttles: run again later or with a lower --parallelism.",
}


def refused(
    request: Request, reply: RawReply, masked: Masked, *, code: str = "", hint: str = "", shown: bool = True
) -> Refused:
    """The error for a reply with an error status; `shown` False hides a body that has no message of its own."""
    body = _json(reply)
    if body is None and reply.is_web_page:
        return _not_the_platform(request, reply, masked)
    words = _message(body, masked) or (_quoted(reply, masked) if shown else "") or reply.reason
    platform_code = _platform_code(body)
    diagnostic = Diagnostic(
        code=code or f"http-{reply.status}",
        summary=f"the platform refused {what(request)}: {reply.status} {words}",
        detail=f"Its error code is {platform_code}." if platform_code else "",
        hint=hint or _CODE_HINTS.get(platform_code) or _HINTS.get(reply.status, ""),
    )
    retry_after = retry_after_seconds(reply.headers.get("retry-after"), reply_time(reply.headers) or time.time())
    return Refused([diagnostic], status=_meant(reply, body), retry_after=retry_after)


def wrong_shape(request: Request, reply: RawReply, masked: Masked, expected: str, *, shown: bool = True) -> Refused:
    """The error for a success status whose body is not what the API describes; `shown` False hides that body."""
    if reply.is_web_page:
        return _not_the_platform(request, reply, masked)
    found = _quoted(reply, masked) or "an empty body" if shown else "something else"
    diagnostic = Diagnostic(
        code="unexpected-reply",
        summary=f"the reply to {what(request)} has the wrong shape",
        detail=f"Expected {expected}, found {found}.",
        hint="Check that the endpoint is the platform's own and that no proxy answers in its place.",
    )
    return Refused([diagnostic], status=reply.status)


def _not_the_platform(request: Request, reply: RawReply, masked: Masked) -> Refused:
    diagnostic = Diagnostic(
        code="html-reply",
        summary=f"{what(request)} was answered by a web page ({reply.status}), not by the platform",
        detail=f"It begins with {_quoted(reply, masked)!r}.",
        hint="A proxy or a login page stands between: check the endpoint and the proxy settings.",
    )
    return Refused([diagnostic], status=_meant(reply, None))


def _meant(reply: RawReply, body: Any) -> int:
    """The status, but 0 for a 404 that is not the platform's: an object does not count as missing by that."""
    return 0 if reply.status == 404 and reply.content and not isinstance(body, Mapping) else reply.status


def what(request: Request) -> str:
    """The request as messages name it."""
    return f"{request.method} {shortened(urlsplit(request.path).path)}"


def _json(reply: RawReply) -> Any:
    try:
        return reply.body
    except ValueError:
        return None


def _message(body: Any, masked: Masked) -> str:
    if not isinstance(body, Mapping):
        return ""
    report = body.get("report")
    detailed = report.get("detailed-message") if isinstance(report, Mapping) else None
    names = ("errorMessage", "message", "detail", "title", "error_description", "error")
    texts = (detailed, *(body.get(name) for name in names))
    return shortened(masked(next((text for text in texts if isinstance(text, str)), "")))


def _platform_code(body: Any) -> str:
    if not isinstance(body, Mapping):
        return ""
    error_type, code = body.get("type"), body.get("error_code")
    if isinstance(error_type, str) and "/errors/" in error_type:
        return shortened(error_type.rpartition("/")[2])
    return shortened(str(code)) if isinstance(code, str | int) else ""


def _quoted(reply: RawReply, masked: Masked) -> str:
    return shortened(masked(reply.text))


def shortened(text: str) -> str:
    """A text in one line, cut where it is long."""
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + "…"

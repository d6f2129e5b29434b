"""Failed requests into errors that a person can act on.

Bodies differ by layer: the gateway's `{"error_code", "message"}`, Flow Service's `report.detailed-message`, the
registry's and Catalog's `detail`, IMS's `error_description`.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from flowctl.aep.raw_reply import RawReply
from flowctl.aep.request_words import action, shortened, what
from flowctl.aep.retry import Tried, retry_after_seconds
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.errors import Refused
from flowctl.model.reply_time import reply_time
from flowctl.model.request import Request

Masked: TypeAlias = Callable[[str], str]
"""Take the secrets of the run out of a text from outside, which may quote what was sent."""

_ENDPOINT = "Check `endpoint` of the environment in flowctl.yaml, and that no proxy replies in its place."
_CODE_HINTS = {
    "XDM-1521-400": "Change `title`, write `schema: {title: ...}` to use the existing schema, or record it with "
    "`flowctl state repair`.",
}
_SUMMARIES = {
    401: "Experience Platform rejected the token, so flowctl cannot {action} (HTTP 401)",
    403: "no permission to {action}{place} (HTTP 403)",
    429: "Experience Platform is rate limiting, so flowctl cannot {action} (HTTP 429)",
    500: "Experience Platform failed to {action} (HTTP 500)",
}
_HINTS = {
    400: "Correct the value that the reply complains about in the manifest, then run the command again.",
    401: "Check `auth.clientId`, `auth.clientSecret` and `organization` of the environment in flowctl.yaml.",
    403: "Add the credential to a product profile (Developer Console) and a role (Permissions) that allow this, and to "
    "the sandbox. Check `organization` and `sandbox` in flowctl.yaml.",
    404: "Check `sandbox` in flowctl.yaml and the ID. Access labels may also hide the object from this credential.",
    409: "Run `flowctl plan` to see what is there now, then apply the new plan.",
    412: "The object was changed at the same time: run `flowctl plan` and review the new plan.",
    429: "Run the command again later, or with a lower `--parallelism`.",
}
_LATER = "Run the command again later. To retry for longer, set `--retry-budget SECONDS`."


def refused(
    request: Request,
    reply: RawReply,
    masked: Masked,
    *,
    tried: Tried | None = None,
    sandbox: str = "",
    code: str = "",
    summary: str = "",
    hint: str = "",
    shown: bool = True,
) -> Refused:
    """The error for a reply with an error status; `shown` False hides a body that has no message of its own."""
    body = _json(reply)
    if body is None and reply.is_web_page:
        return _not_the_platform(request, reply, masked)
    words = _message(body, masked) or (_quoted(reply, masked) if shown else "") or reply.reason
    adobe_code = _adobe_code(body)
    retries = f" {tried.words}" if tried is not None and tried.words else ""
    said = (
        f'The reply to {what(request)} says "{words.strip()}".'
        if words.strip()
        else f"The request was {what(request)}."
    )
    diagnostic = Diagnostic(
        code=code or f"http-{reply.status}",
        summary=summary or _summary(request, reply.status, adobe_code, sandbox),
        detail=f"{said}{retries}",
        hint=hint or _CODE_HINTS.get(adobe_code) or _hint(reply.status),
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
        summary=f"the reply to {what(request)} is not what Adobe's API describes",
        detail=f"Expected {expected}, found {found}.",
        hint=_ENDPOINT,
    )
    return Refused([diagnostic], status=reply.status)


def _summary(request: Request, status: int, adobe_code: str, sandbox: str) -> str:
    known = _SUMMARIES.get(status)
    if known is not None:
        return known.format(action=action(request), place=f" in sandbox {sandbox}" if sandbox else "")
    if 300 <= status < 400:
        return f"the endpoint redirects the request to {action(request)} (HTTP {status})"
    if status >= 500:
        return f"Experience Platform is unavailable, so flowctl cannot {action(request)} (HTTP {status})"
    also = f", error code {adobe_code}" if adobe_code else ""
    return f"Experience Platform rejected the request to {action(request)} (HTTP {status}{also})"


def _hint(status: int) -> str:
    if 300 <= status < 400:
        return (
            "Correct `endpoint` in flowctl.yaml. flowctl does not follow redirects, because it would send the "
            "credentials along."
        )
    return _LATER if status >= 500 else _HINTS.get(status, _HINTS[400])


def _not_the_platform(request: Request, reply: RawReply, masked: Masked) -> Refused:
    diagnostic = Diagnostic(
        code="html-reply",
        summary=f"the reply to {what(request)} is a web page, not a reply of Experience Platform (HTTP {reply.status})",
        detail=f'The page begins with "{_quoted(reply, masked)}".',
        hint="A proxy or a login page replies in its place: check `endpoint` in flowctl.yaml and the proxy variables.",
    )
    return Refused([diagnostic], status=_meant(reply, None))


def _meant(reply: RawReply, body: Any) -> int:
    """The status, but 0 for a 404 without Adobe's body: an object does not count as missing because of that."""
    return 0 if reply.status == 404 and reply.content and not isinstance(body, Mapping) else reply.status


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


def _adobe_code(body: Any) -> str:
    if not isinstance(body, Mapping):
        return ""
    error_type, code = body.get("type"), body.get("error_code")
    if isinstance(error_type, str) and "/errors/" in error_type:
        return shortened(error_type.rpartition("/")[2])
    return shortened(str(code)) if isinstance(code, str | int) else ""


def _quoted(reply: RawReply, masked: Masked) -> str:
    return shortened(masked(reply.text))

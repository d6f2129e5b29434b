"""Requests without a whole reply into errors that a person can act on, in words of ours."""

import httpx

from flowctl.aep.errors import what
from flowctl.aep.exchange import NOT_SENT, distrust
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.errors import Unreachable
from flowctl.model.request import Request


def unreachable(request: Request, error: httpx.RequestError) -> Unreachable:
    """The error for a request without a whole reply."""
    timed_out = isinstance(error, httpx.TimeoutException)
    began = f"cannot reach {_where(error)} for" if isinstance(error, NOT_SENT) else f"{_where(error)} did not answer"
    diagnostic = Diagnostic(
        code="timed-out" if timed_out else "unreachable",
        summary=f"{began} {what(request)}: {_reason(error)}",
        hint=_cure(error),
    )
    return Unreachable([diagnostic], timed_out=timed_out)


_BROKEN_OFF = {
    "Server disconnected": "the connection was closed without a reply",
    "peer closed connection": "the reply ends early",
}


def _reason(error: httpx.RequestError) -> str:
    """Why there is no reply, in words of ours: those of the libraries quote what came, which may be anything."""
    refusal = distrust(error)
    if refusal:
        return f"its certificate is not trusted ({refusal})"
    if isinstance(error, httpx.TimeoutException):
        return "no connection in time" if isinstance(error, NOT_SENT) else "no whole reply in time"
    if isinstance(error, httpx.ProxyError):
        status = str(error)[:3]
        return f"the proxy refuses with status {status}" if status.isdecimal() else "the proxy cannot be used"
    if isinstance(error, httpx.ProtocolError):
        return next((ours for theirs, ours in _BROKEN_OFF.items() if str(error).startswith(theirs)), "it is not HTTP")
    return str(error) or type(error).__name__


def _cure(error: httpx.RequestError) -> str:
    check = "Check the endpoint of this environment in flowctl.yaml, the network and the proxy settings."
    if distrust(error):
        return (
            "If an authority of your own vouches for it, name its PEM file in SSL_CERT_FILE; REQUESTS_CA_BUNDLE and "
            "CURL_CA_BUNDLE are not read."
        )
    if isinstance(error, httpx.TimeoutException):
        option = "--connect-timeout" if isinstance(error, NOT_SENT) else "--read-timeout"
        return f"{check} If it is only slow, raise {option}."
    return check


def _where(error: httpx.RequestError) -> str:
    try:
        host = error.request.url.netloc.decode()
    except RuntimeError:
        host = "the platform"
    return " ".join((host, *getattr(error, "__notes__", ())))

"""Requests without a whole reply into errors that a person can act on, in flowctl's own words."""

import httpx

from flowctl.aep.exchange import NOT_SENT, Exchange, distrust
from flowctl.aep.request_words import action, what
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.errors import Unreachable
from flowctl.model.request import Request


def unreachable(request: Request, error: httpx.RequestError, exchange: Exchange) -> Unreachable:
    """The error for a request without a whole reply."""
    timed_out = isinstance(error, httpx.TimeoutException)
    setting = _setting(request, exchange)
    diagnostic = Diagnostic(
        code="timed-out" if timed_out else "unreachable",
        summary=f"{what_happened(error, exchange)}, so flowctl cannot {action(request)}",
        detail=f"The request was {what(request)}.",
        hint=_advice(error, exchange, setting),
    )
    return Unreachable([diagnostic], timed_out=timed_out, setting=setting)


def _setting(request: Request, exchange: Exchange) -> str:
    """The setting that names the host of a request; the address of tokens may follow from the endpoint."""
    own_host = "://" in request.path and httpx.URL(request.path).netloc != exchange.connections.endpoint.netloc
    return "auth.tokenUrl" if own_host else "endpoint"


_BROKEN_OFF = {
    "Server disconnected": "closed the connection without a reply",
    "peer closed connection": "closed the connection before the end of the reply",
}


def what_happened(error: httpx.RequestError, exchange: Exchange) -> str:
    """Why no whole reply came, in flowctl's own words: those of libraries quote the reply, which may be anything."""
    host, refusal = _where(error), distrust(error)
    if refusal:
        return f"the certificate of {host} is not trusted ({refusal})"
    if isinstance(error, httpx.TimeoutException):
        if isinstance(error, NOT_SENT):
            return f"cannot connect to {host} within {exchange.connect_seconds:g} s"
        return f"{host} did not reply within {exchange.seconds:g} s"
    if isinstance(error, httpx.ProxyError):
        status = str(error)[:3]
        return f"cannot connect to {host}: the proxy {f'replies {status}' if status.isdecimal() else 'does not work'}"
    if isinstance(error, httpx.ProtocolError):
        ours = (ours for theirs, ours in _BROKEN_OFF.items() if str(error).startswith(theirs))
        return f"{host} {next(ours, 'sent a reply that is not HTTP')}"
    reason = (str(error) or "the connection failed").partition("] ")
    words = (reason[2] or reason[0]).strip()
    words = words[:1].lower() + words[1:]
    return f"cannot connect to {host}: {words}" if isinstance(error, NOT_SENT) else f"{host} did not reply: {words}"


def _advice(error: httpx.RequestError, exchange: Exchange, setting: str) -> str:
    if distrust(error):
        return (
            "If your organization has its own certificate authority, set SSL_CERT_FILE to its PEM file. flowctl does "
            "not read REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE."
        )
    if isinstance(error, httpx.TimeoutException) and not isinstance(error, NOT_SENT):
        return "Run the command again. If the reply needs longer, raise `--read-timeout SECONDS`."
    check = f"Check `{exchange.environment}{setting}` in flowctl.yaml, the network and the proxy variables"
    return (
        f"{check}, or raise `--connect-timeout SECONDS`." if isinstance(error, httpx.TimeoutException) else f"{check}."
    )


def _where(error: httpx.RequestError) -> str:
    try:
        host = error.request.url.netloc.decode()
    except RuntimeError:
        host = "Experience Platform"
    return " ".join((host, *getattr(error, "__notes__", ())))

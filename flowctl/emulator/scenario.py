"""Loading a scenario into a running emulator: organizations, settings, and a list of API requests.

```json
{
  "settings": {"secrets": "echo"},
  "organizations": [{"id": "ACME@AdobeOrg", "tenant": "acme", "sandboxes": [{"name": "dev"}]}],
  "requests": [
    {"as": "schema", "path": "/data/foundation/schemaregistry/tenant/schemas", "body": {"title": "..."}},
    {"as": "customers", "path": "/data/foundation/catalog/dataSets",
     "body": {"name": "Customers", "schemaRef": {"id": "${schema}", "contentType": "..."}}}
  ]
}
```

`${name}` is the id in the answer of the request of that name, `${name.member}` another member of it. A request
has `method` (POST), `path`, `body`, and `headers` to add or replace, such as another sandbox.
"""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import TYPE_CHECKING, Any

from flowctl.emulator.data_error import FolderInUse
from flowctl.emulator.directory import LOCAL_CLIENT, LOCAL_ORG, LOCAL_TOKEN

if TYPE_CHECKING:
    from collections.abc import Mapping

_REFERENCE = re.compile(r"\$\{([A-Za-z0-9_-]+)(?:\.([^}]+))?\}")
_KEYS = {"settings", "load", "organizations", "requests", "runs"}
TIMEOUT_SECONDS = 30.0


class ScenarioError(ValueError):
    """The scenario is not one, or the platform refused a part of it; the message says which."""


class _AnsweredError(ScenarioError):
    """The platform answered with an error."""

    def __init__(self, request: str, status: int, text: str) -> None:
        super().__init__(f"{request} was answered {status}: {text}")
        self.status = status
        self.text = text


def load(url: str, scenario: Any) -> dict[str, Any]:
    """Send a scenario to the emulator at `url` and return the answers by name. Raises `ScenarioError`."""
    _check(scenario)
    for part in ("settings", "load"):
        if part in scenario:
            _send(url, "POST", f"/_emulator/{part}", scenario[part], {})
    for organization in scenario.get("organizations", []):
        _send(url, "POST", "/_emulator/organizations", organization, {})
    answers: dict[str, Any] = {}
    for number, request in enumerate(scenario.get("requests", []), 1):
        body, path = _filled(request.get("body"), answers), str(_filled(request["path"], answers))
        answer = _send(url, request.get("method", "POST"), path, body, request.get("headers", {}))
        answers[str(request.get("as", number))] = answer
    for run in scenario.get("runs", []):
        _send(url, "POST", "/_emulator/runs", _filled(run, answers), {})
    return answers


def answers(url: str) -> None:
    """Check that an emulator answers at `url`. Raises `ScenarioError` where none does."""
    _send(url, "GET", "/_emulator/requests", None, {})


def _check(scenario: Any) -> None:
    """Raise `ScenarioError` for a value that is not a scenario; nothing is sent then."""
    if not isinstance(scenario, dict):
        raise ScenarioError("A scenario is an object.")
    unknown = sorted(set(scenario) - _KEYS)
    if unknown:
        raise ScenarioError(f"A scenario has no {', '.join(unknown)}; known: {', '.join(sorted(_KEYS))}.")
    for part in ("organizations", "requests", "runs"):
        if not isinstance(scenario.get(part, []), list):
            raise ScenarioError(f"{part} of the scenario is not a list.")
    for number, request in enumerate(scenario.get("requests", []), 1):
        if not isinstance(request, dict) or not isinstance(request.get("path"), str):
            raise ScenarioError(f"Request {number} of the scenario has no path.")
        if not isinstance(request.get("method", ""), str):
            raise ScenarioError(f"The method of request {number} of the scenario is not a string.")
        headers = request.get("headers", {})
        if not isinstance(headers, dict) or not all(isinstance(value, str) for value in headers.values()):
            raise ScenarioError(f"The headers of request {number} of the scenario are not strings.")


def reset(url: str) -> None:
    """Give the emulator at `url` fresh data.

    Raises `ScenarioError` if it does not answer, and `FolderInUse` if its data folder has other users.
    """
    try:
        _send(url, "POST", "/_emulator/reset", {}, {})
    except _AnsweredError as error:
        if error.status == 409:
            raise FolderInUse(str(json.loads(error.text)["detail"])) from None
        raise


def id_of(answer: Any) -> str:
    """Return the id in an answer: `$id`, `id` or `@id` of an object, or the end of Catalog's link."""
    if isinstance(answer, list) and answer:
        return str(answer[0]).rpartition("/")[2]
    for member in ("$id", "id", "@id"):
        if isinstance(answer, dict) and member in answer:
            return str(answer[member])
    raise ScenarioError(f"The answer {answer} has no id.")


def _filled(value: Any, answers: Mapping[str, Any]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(item, answers) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, answers) for item in value]
    return _REFERENCE.sub(lambda match: _referred(match, answers), value) if isinstance(value, str) else value


def _referred(match: re.Match[str], answers: Mapping[str, Any]) -> str:
    name, member = match.groups()
    if name not in answers:
        raise ScenarioError(f"There is no request {name} before {match[0]}.")
    if member is None:
        return id_of(answers[name])
    answer = answers[name]
    if not isinstance(answer, dict) or member not in answer:
        raise ScenarioError(f"The answer of {name} has no {member}.")
    return str(answer[member])


def _send(url: str, method: str, path: str, body: Any, headers: Mapping[str, str]) -> Any:
    sent = {
        "Authorization": f"Bearer {LOCAL_TOKEN}",
        "x-api-key": LOCAL_CLIENT,
        "x-gw-ims-org-id": LOCAL_ORG,
        "x-sandbox-name": "dev",
        "Content-Type": "application/json",
    } | dict(headers)
    try:
        request = urllib.request.Request(url.rstrip("/") + path, method=method, headers=sent)
        request.data = json.dumps(body).encode() if body is not None else None
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:
            content = response.read()
        return json.loads(content) if content else None
    except urllib.error.HTTPError as error:
        with error:
            text = error.read().decode("utf-8", "replace")
        raise _AnsweredError(f"{method} {path}", error.code, text) from None
    except OSError as error:
        raise ScenarioError(f"{url} cannot be reached: {getattr(error, 'reason', error)}") from None
    except (HTTPException, ValueError) as error:
        raise ScenarioError(f"{method} {path} cannot be sent to {url}: {error}") from None

"""One environment, resolved: its organization, sandbox, endpoint and credentials."""

from collections.abc import Mapping
from typing import Final, NamedTuple, TypeAlias

from flowctl.manifest.lookalikes import is_shell_variable, lookalikes, near_substitution
from flowctl.manifest.substitution_problems import not_set, set_them
from flowctl.model.diagnostic import Diagnostic, in_file_order
from flowctl.model.errors import ManifestError
from flowctl.model.header_value import is_sendable
from flowctl.model.json_value import JSON
from flowctl.model.loopback import is_loopback
from flowctl.model.resource import Sensitive
from flowctl.settings.declaration import EnvironmentDeclaration, Environments, declared
from flowctl.settings.endpoint import ADOBE_TOKEN_URL, checked_url
from flowctl.settings.variables import variables
from flowctl.text.substitution import OPENING, expand
from flowctl.validation.wording import all_of, code, did_you_mean, key, quoted

Place: TypeAlias = tuple[str | int, ...]
"""Keys that lead to a setting of an environment."""

_EXAMPLES: Final[Mapping[str, str]] = {
    "organization": "${env:AEP_ORG_ID}",
    "sandbox": "dev",
    "auth.clientId": "${env:AEP_CLIENT_ID}",
    "auth.clientSecret": "${env:AEP_CLIENT_SECRET}",
}
"""How a missing setting is usually written."""

LOCAL_ORGANIZATION = "LOCAL@AdobeOrg"
LOCAL_SANDBOX = "dev"
LOCAL_CLIENT_ID = "local-client"
LOCAL_CLIENT_SECRET = "local-secret"
SCOPES = ("openid", "AdobeID", "read_organizations", "additional_info.projectedProductContext", "session")


class Environment(NamedTuple):
    """Where to plan and apply. `embedded` says that the emulator runs inside this process, without an endpoint yet.

    `sources` are the folders that its runs read, by the name of a connection, as they are declared.
    """

    name: str
    embedded: bool
    endpoint: str | None
    organization: str
    sandbox: str
    token_url: str | None
    client_id: str
    client_secret: Sensitive
    scopes: tuple[str, ...] = SCOPES
    variables: Mapping[str, JSON] = {}
    sources: Mapping[str, str] = {}


def resolve(workspace: Environments, name: str, environ: Mapping[str, str]) -> Environment:
    """The environment of that name. Raises ManifestError with every setting that is unset, missing or wrong."""
    reader = _Reader(declared(workspace.environments, name), environ)
    endpoint = reader.url("endpoint")
    embedded = name == "local" and not reader.has("endpoint")
    on_this_machine = embedded or (endpoint is not None and is_loopback(endpoint))
    if not embedded and not reader.has("endpoint"):
        reader.missing("endpoint", "Only environment `local` needs none.", "https://platform.adobe.io")
    token_url = reader.url("auth", "tokenUrl")
    if token_url is None and endpoint is not None:
        token_url = f"{endpoint}/ims/token/v3" if on_this_machine else ADOBE_TOKEN_URL
    secret, variable = reader.secret("auth", "clientSecret", default=LOCAL_CLIENT_SECRET if on_this_machine else None)
    resolved = Environment(
        name=name,
        embedded=embedded,
        endpoint=endpoint,
        organization=reader.text("organization", default=LOCAL_ORGANIZATION if on_this_machine else None),
        sandbox=reader.text("sandbox", default=LOCAL_SANDBOX if on_this_machine else None),
        token_url=token_url,
        client_id=reader.text("auth", "clientId", default=LOCAL_CLIENT_ID if on_this_machine else None),
        client_secret=Sensitive(secret, variable),
        scopes=reader.texts("auth", "scopes", default=SCOPES),
        variables=variables(workspace, name, {}),
        sources=reader.sources(embedded=embedded),
    )
    problems = reader.all_problems()
    if problems:
        raise ManifestError(in_file_order(problems))
    return resolved


class _Reader:
    """Settings of one declaration, with their problems."""

    def __init__(self, declaration: EnvironmentDeclaration, environ: Mapping[str, str]) -> None:
        self._declaration = declaration
        self._environ = environ
        self.problems: list[Diagnostic] = []
        self._unset: dict[str, list[Place]] = {}

    def all_problems(self) -> list[Diagnostic]:
        """Every problem; the environment variables that are not set are told together."""
        places = list(dict.fromkeys(place for found in self._unset.values() for place in found))
        if places:
            uses = "use them" if len(self._unset) > 1 else "use it" if len(places) > 1 else "uses it"
            self._say(
                "unset-variable",
                not_set(list(self._unset)),
                places[0],
                detail=f"{all_of([self._setting(place) for place in places])} {uses}.",
                hint=set_them(list(self._unset)),
            )
            self._unset = {}
        return self.problems

    def has(self, *path: str) -> bool:
        return self._at(path) is not None

    def text(self, *path: str, default: str | None = None) -> str:
        return self.secret(*path, default=default)[0]

    def secret(self, *path: str, default: str | None = None) -> tuple[str, str]:
        """The string and the environment variable that it comes from."""
        raw = self._at(path)
        if raw is None:
            if default is None and self.has("endpoint"):
                self.missing(".".join(path), "Every environment with an endpoint of another machine needs it.")
            return default or "", ""
        return self._sendable(str(raw), path)

    def texts(self, *path: str, default: tuple[str, ...]) -> tuple[str, ...]:
        raw = self._at(path)
        if raw is None:
            return default
        return tuple(self._sendable(str(item), (*path, index))[0] for index, item in enumerate(raw))

    def sources(self, *, embedded: bool) -> Mapping[str, str]:
        """The folders of sources; only the emulator in this process reads them."""
        declared: Mapping[str, JSON] = self._at(("sources",)) or {}
        if declared and not embedded:
            self._say(
                "invalid-setting",
                f"only an environment without an endpoint has {self._setting(('sources',))}",
                ("sources",),
                hint="Remove it. To serve source folders, use `flowctl emulator serve --sources DIR`.",
            )
        return {name: self._substituted(str(folder), ("sources", name))[0] for name, folder in declared.items()}

    def url(self, *path: str) -> str | None:
        if not self.has(*path):
            return None
        text, variable = self._substituted(str(self._at(path)), path)
        if variable and not text:
            return None
        try:
            return checked_url(text)
        except ValueError as error:
            self._say(
                "invalid-url",
                f"{self._setting(path)} {error}",
                path,
                hint="Write a URL such as `https://platform.adobe.io`.",
            )
            return None

    def missing(self, key: str, why: str, example: str = "") -> None:
        name = self._declaration.name
        setting = code(f"{key.rpartition('.')[2]}: {example or _EXAMPLES[key]}")
        self.problems.append(
            Diagnostic(
                code="missing-setting",
                summary=f"missing setting {code(f'environments.{name}.{key}')}",
                detail=why,
                hint=f"Add {setting} there in flowctl.yaml.",
                span=self._declaration.key_span(),
            )
        )

    def _at(self, path: tuple[str, ...]) -> JSON:
        value: JSON = self._declaration.content
        for step in path:
            value = value.get(step) if isinstance(value, Mapping) else None
        return value

    def _sendable(self, raw: str, path: tuple[str | int, ...]) -> tuple[str, str]:
        """A substituted string that goes into requests; one that a request cannot carry is refused and not shown."""
        known = len(self.problems)
        text, variable = self._substituted(raw, path)
        is_set = bool(text) or not variable
        if len(self.problems) == known and is_set and not is_sendable(text):
            self._say(
                "invalid-setting",
                f"{self._setting(path)} has a character that a request cannot carry",
                path,
                detail=f"Its value comes from environment variable {code(variable)}." if variable else "",
                hint="Remove control characters, non-ASCII characters, and spaces and line breaks at both ends.",
            )
        return text, variable

    def _substituted(self, raw: str, path: tuple[str | int, ...]) -> tuple[str, str]:
        for written, meant in lookalikes(raw):
            self._say(
                "looks-like-substitution",
                f"{quoted(written)} is not a substitution of flowctl",
                path,
                detail=f"Environment {code(self._declaration.name)} would use it unchanged.",
                hint=f"Did you mean {code(meant)}?",
            )
        if path[-1] == "clientSecret" and is_shell_variable(raw):
            self._say(
                "looks-like-substitution",
                f"flowctl would send the name of a variable as the secret {self._setting(path)}",
                path,
                hint="Write `${env:NAME}`.",
            )
        if OPENING not in raw:
            return raw, ""
        found = expand(raw, {}, self._environ)
        for name in found.unset:
            self._unset.setdefault(name, []).append(path)
        for name in dict.fromkeys(found.not_text):
            self._say(
                "variable-not-utf-8",
                f"the value of environment variable {code(name)} is not UTF-8",
                path,
                hint=f"Set {code(name)} to a value in UTF-8.",
            )
        for part in (*found.malformed, *(f"${{var:{name}}}" for name in found.unknown)):
            self._say(
                "malformed-substitution",
                f"{quoted(part)} is not a substitution in flowctl.yaml",
                path,
                detail="Expected `${env:NAME}`; only manifests may use `${var:NAME}`.",
                hint=did_you_mean(near_substitution(part), "Write `$${` if you mean the characters `${`."),
            )
        variable = next(iter(found.environment), "")
        return ("" if found.unset or found.not_text else str(found.value)), variable

    def _say(self, code: str, summary: str, path: tuple[str | int, ...], *, detail: str = "", hint: str = "") -> None:
        self.problems.append(
            Diagnostic(code=code, summary=summary, detail=detail, hint=hint, span=self._declaration.span(*path))
        )

    def _setting(self, path: Place) -> str:
        """The place of a setting in flowctl.yaml, in back-ticks."""
        return key("environments", self._declaration.name, *path)

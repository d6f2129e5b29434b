"""Bodies of a record: JSON whose values are replaced member by member, or only its shape."""

import re
import zlib
from typing import Any, Final
from urllib.parse import parse_qsl

from flowctl.masking.secret_values import SecretValues
from flowctl.recording.field_descriptions import BOUNDS, DESCRIBED, bound, is_description
from flowctl.recording.texts import Texts
from flowctl.recording.vocabulary import vocabulary
from flowctl.strict_json import NotJson, parse, text_of

LARGEST_RECORDED: Final = 4_000_000
"""Bytes of a body that is recorded; of a larger one only its size is."""
_SECRET_NAME: Final = re.compile(
    r"secret|passw|pwd|token|credential|connectionstring|private|authorization|jwt|assertion|signature|sas(?:uri|token)"
    r"|(?:access|account|api|app|encryption|public)_?key|s3.*key",
    re.IGNORECASE,
)
_SECRET_BELOW: Final = frozenset({"auth", "credentials"})
_WORDS_OF_PROSE: Final = """
name title description message detail displayName meta:title label comment text subtitle createdBy updatedBy
modifiedBy lastModifiedBy userId email author xdm:title xdm:description
"""
_PROSE: Final = frozenset(_WORDS_OF_PROSE.split())
"""Members in which people write. Only the names of Adobe's own objects are kept there."""
_WORDS_OF_PATHS: Final = """
source sourceAttribute sourceExpression destination destinationXdmPath destinationPath expression xdm:sourceProperty
xdm:destinationProperty xdm:sourceVersion $ref required enum const meta:xdmField meta:refProperty meta:altId
tenantId meta:tenantNamespace primaryIdentity meta:extends meta:intendedToExtend meta:class
"""
_PATHS: Final = frozenset(_WORDS_OF_PATHS.split())
"""Members with a path, a name of a field or an expression: their words are replaced one by one."""
_WORDS_OF_NAMESPACES: Final = "code namespaceCode xdm:namespace xdm:identityNamespace xdm:destinationNamespace"
_NAMESPACES: Final = frozenset(_WORDS_OF_NAMESPACES.split())
"""Members with the code of an identity namespace, which has letters and digits only."""
_NAMESPACE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_WORDS_OF_NUMBERS: Final = """
status statusCode interval startTime version xdm:sourceVersion xdm:destinationVersion limit count
partialIngestionPercent minLength maxLength minItems maxItems expires_in mappingVersion meta:xdmVersion
windowStartTime windowEndTime multipleOf xdmVersion supportVersion
"""
_NUMBERS: Final = frozenset(_WORDS_OF_NUMBERS.split())
"""Members whose numbers belong to structure. Every other number becomes 1."""
_COUNTS: Final = frozenset({"limit", "start", "offset", "count", "interval", "status", "statusCode"})
"""Those of them that are small: a larger number is a value."""
_MOST: Final = 999_999
_NUMBER: Final = re.compile(r"[0-9]{1,13}")
_VERSION: Final = re.compile(r"[0-9]{1,13}(?:\.[0-9]{1,3}){0,2}")
_CODE: Final = re.compile(r"[A-Z]{2,12}(?:-[A-Z]{2,12})?-[0-9]{4}(?:-[0-9]{3})?")
_GATEWAY_CODE: Final = re.compile(r"[0-9]{6}")
_CODES: Final = frozenset({"errorCode", "error_code"})
"""Members of any reply with a code of an error."""
_ERRORS: Final = frozenset({"errors", "error", "_errors"})
"""Members below which `code` is the code of an error, in any reply."""
_CODES_OF_ERRORS: Final = _CODES | {"code"}
_CODES_OF_PROBLEMS: Final = _CODES_OF_ERRORS | {"type", "title", "detail"}
"""Members of a reply that is an error in which a code may stand."""
_DATA: Final = re.compile(
    r"/explore(?:[/?]|$)|/preview(?:[/?]|$)|/(?:samples|sampledata)(?:[/?]|$)"
    r"|/(?:data/)?foundation/(?:export/|import/(?!batches(?:/[^/?]*)?/?(?:\?|$)))"
    r"|/dataSetFiles|/views/[^/]+/files|/uniques/|/collection/|/core/(?:ups|edge)/|/query/"
)
_FORM: Final = "application/x-www-form-urlencoded"
_FORM_WORDS: Final = frozenset({"grant_type", "scope"})


class Bodies:
    """Replaces bodies, and tells `secrets` every credential that it meets."""

    def __init__(self, texts: Texts, secrets: SecretValues) -> None:
        self._texts = texts
        self._secrets = secrets

    def body(
        self, content: bytes | None, size: int, headers: dict[str, str], target: str, status: int | None = None
    ) -> dict[str, Any] | None:
        """Return what a record says of a body; `content` is None if it was too large to keep.

        Codes of errors are kept in replies only, which have a `status`.
        """
        if not size:
            return None
        if content is None:
            return {"bytes": size, "why": "too large"}
        plain = _decoded(content, headers.get("content-encoding", ""))
        if plain is None:
            return {"bytes": size, "why": "encoded"}
        media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type == _FORM:
            return {"form": self._form(plain)}
        try:
            value = parse(text_of(plain))
        except NotJson:
            return {"bytes": size, "why": "not JSON"}
        if _DATA.search(target) or not _is_known(target):
            return {"shape": self.shape(value)}
        return {"json": self.json(value, status)}

    def json(self, value: Any, status: int | None = None) -> Any:
        """Return a JSON value with everything replaced that is not known to be structure."""
        codes = frozenset[str]() if status is None else _CODES if status < _FIRST_ERROR else _CODES_OF_PROBLEMS
        return self._value(value, "", codes, secret=False)

    def shape(self, value: Any) -> Any:
        """Return the types in a JSON value: of a list, those of its first items."""
        if isinstance(value, dict):
            return {self._texts.key(name): self.shape(member) for name, member in value.items()}
        if isinstance(value, list):
            return [self.shape(item) for item in value[:3]]
        return kind_of(value)

    def _value(self, value: Any, member: str, codes: frozenset[str], *, secret: bool) -> Any:
        if isinstance(value, dict):
            if codes and member in _ERRORS:
                codes |= _CODES_OF_ERRORS
            patch = value.get("path") if isinstance(value.get("op"), str) else None
            return {
                self._texts.key(name): self._value(each, name, codes, secret=secret)
                if member in DESCRIBED and is_description(each)
                else self._member(name, each, patch, codes, secret=secret or name in _SECRET_BELOW)
                for name, each in value.items()
            }
        if isinstance(value, list):
            return [self._value(item, member, codes, secret=secret) for item in value]
        if isinstance(value, bool) or value is None:
            return value
        if isinstance(value, int | float):
            if member in BOUNDS and not secret:
                return bound(value)
            if member == "id" and isinstance(value, int) and not secret:
                return self._texts.number(value)
            kept = member in _NUMBERS and not secret and (member not in _COUNTS or abs(value) <= _MOST)
            return value if kept else (1 if isinstance(value, int) else 1.5)
        if not secret and member in codes and _is_code(value, member, codes):
            return value
        return self._text(value, member, secret=secret)

    def _member(self, name: str, value: Any, patch: Any, codes: frozenset[str], *, secret: bool) -> Any:
        if isinstance(patch, str) and name == "path" and isinstance(value, str):
            return "/".join(map(self._texts.key, value.split("/")))
        if isinstance(patch, str) and name == "value":
            parts = patch.split("/")
            last = next((part for part in reversed(parts) if part and not part.isdigit() and part != "-"), "")
            secret = secret or any(part in _SECRET_BELOW for part in parts)
            return self._value(value, last, codes, secret=secret or _SECRET_NAME.search(last) is not None)
        if name in ("specName", "authSpecName"):
            secret = False
        is_secret = secret or (_SECRET_NAME.search(name) is not None and name not in _NO_SECRETS)
        return self._value(value, name, codes, secret=is_secret)

    def _text(self, text: str, member: str, *, secret: bool) -> str:
        if secret:
            if not text or text == _HIDDEN:
                return text
            self._secrets.add(text)
            return self._texts.made.secret(text)
        numbers = _VERSION if "ersion" in member else _NUMBER
        if member in _NUMBERS and numbers.fullmatch(text):
            whole = text.partition(".")[0]
            return text if member not in _COUNTS or int(whole) <= _MOST else self._texts.made.text(text)
        namespace = member in _NAMESPACES and _NAMESPACE.fullmatch(text) and text not in vocabulary().values
        if member in _PATHS or namespace:
            return self._texts.words(text)
        return self._texts.value(text, prose=member in _PROSE)

    def _form(self, plain: bytes) -> list[list[str]]:
        pairs = parse_qsl(plain.decode("utf-8", "replace"), keep_blank_values=True)
        return [[self._texts.key(name), self._parameter(name, value)] for name, value in pairs]

    def _parameter(self, name: str, value: str) -> str:
        return self._texts.value(value) if name in _FORM_WORDS else self._text(value, name, secret=True)


_NO_SECRETS: Final = frozenset({"continuationToken", "token_type", "publicKeyId", "primaryKey"})
"""Members whose names sound of a credential and that have none."""
_FIRST_ERROR: Final = 400
_HIDDEN: Final = "**************"


def _is_code(text: str, member: str, codes: frozenset[str]) -> bool:
    """Whether a text is the code of an error; one of digits alone stands in replies that are errors."""
    of_gateway = codes == _CODES_OF_PROBLEMS and member in _CODES_OF_ERRORS
    return _CODE.fullmatch(text) is not None or (of_gateway and _GATEWAY_CODE.fullmatch(text) is not None)


def kind_of(value: Any) -> str:
    """Return the type of a JSON value in a word."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "object" if isinstance(value, dict) else "array"


def _is_known(target: str) -> bool:
    """Whether the path is of a service whose members are known."""
    parts = target.partition("?")[0].strip("/").split("/")
    return len(parts) > 1 and parts[0] in ("data", "ims") and parts[1] in vocabulary().segments


def _decoded(content: bytes, encoding: str) -> bytes | None:
    """Return the bytes of a body without its coding; None for one that cannot be undone or is too large."""
    names = [name.strip().lower() for name in encoding.split(",") if name.strip()]
    try:
        for name in reversed(names):
            if name in ("gzip", "x-gzip"):
                content = _inflated(content, 31)
            elif name == "deflate":
                content = _inflated(content, 15)
            elif name != "identity":
                return None
    except (zlib.error, ValueError):
        return None
    return content


def _inflated(content: bytes, bits: int) -> bytes:
    machine = zlib.decompressobj(bits)
    plain = machine.decompress(content, LARGEST_RECORDED)
    if machine.unconsumed_tail or not machine.eof:
        raise ValueError("too large or cut")
    return plain

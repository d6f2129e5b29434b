"""Texts of a record: each is kept if it is known to be structure, and otherwise replaced as its form asks."""

import re
import string
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from flowctl.recording.placeholders import ID, Placeholders
from flowctl.recording.vocabulary import vocabulary

ENDPOINT: Final = "{endpoint}"
"""Stands for the address of Experience Platform in a record."""
_MAIL: Final = re.compile(r"[^\s@:/<>]+@([A-Za-z0-9.-]+)")
_ORGANIZATION: Final = re.compile(r"[A-Za-z0-9_-]+@AdobeOrg")
_PROGRAMS: Final = ("AdobeID", "techacct.adobe.com", "AdobeService")
_MEDIA: Final = re.compile(
    r"(?:application/(?:vnd\.adobe\.[a-z.+-]{1,60}(?:-v[0-9][a-z.+-]{0,20})?|json|json-patch\+json|x-www-form-urlencoded|octet-stream|parquet"
    r"|problem\+json)|text/(?:csv|plain|html)|multipart/form-data|\*/\*)"
    r"(?: ?; ?(?:version=[0-9.]{1,5}"
    r"|charset=\"?(?:[Uu][Tt][Ff]-(?:8|16)|[Ii][Ss][Oo]-8859-1|[Uu][Ss]-[Aa][Ss][Cc][Ii][Ii])\"?))*"
)
_TIME: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9:]{4,5})?)?"
)
_TIME_IN_WORDS: Final = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2} UTC [0-9]{4}"
)
_PUBLIC: Final = re.compile(
    r"https?://ns\.adobe\.com/(?:xdm|experience|adobecloudplatform|aep/errors|adobe)/[A-Za-z0-9/_.-]+#?"
)
_OWN_RESOURCE: Final = re.compile(r"(https://ns\.adobe\.com/)(\w+)(/[a-z]+/)(.+)")
_PARTS: Final = re.compile(r"\w+")
_OPERATOR: Final = re.compile(r"(==|!=|>=|<=|~|=|<|>)")
_PUBLIC_NUMBERS: Final = 9999
"""Numbers up to it are IDs of Adobe's own objects, such as identity namespaces."""
_OF_A_MEMBER: Final = "uniques"
"""The part of a path after which the name of a member stands."""
_SHORT_NUMBER: Final = re.compile(r"[0-9]{1,2}")
_ROW: Final = re.compile(r"(?<!\w)[0-9]{1,2}(?:[^\w'\"\\(){}\[\]]{1,2}[0-9]{1,2}){2,}(?!\w)")
"""Short numbers in a row, which may be a telephone number or a date."""
_FIRST_DAY: Final = "2001-01-01"
_FIRST_DAY_IN_WORDS: Final = "Mon Jan 01 00:00:00 UTC 2001"
_DELIMITERS: Final = frozenset(string.punctuation + "\t ")
"""What separates and quotes the values of a file."""


class Texts:
    """Replaces texts. `endpoint` is the origin of Experience Platform, whose links are kept as links."""

    def __init__(self, placeholders: Placeholders, endpoint: str = "") -> None:
        self.made = placeholders
        self._origin = endpoint.rstrip("/")

    def value(self, text: str, *, prose: bool = False) -> str:
        """Return a whole value. With `prose`, only names of Adobe's own objects are kept: people write there."""
        words = vocabulary()
        if not text or text in words.ids or text in (words.names if prose else words.values):
            return text
        if not prose and (text in words.segments or _MEDIA.fullmatch(text)):
            return text
        if _PUBLIC.fullmatch(text):
            return text
        if _TIME.fullmatch(text):
            return _FIRST_DAY + re.sub("[0-9]", "0", text[len(_FIRST_DAY) :])
        if _TIME_IN_WORDS.fullmatch(text):
            return _FIRST_DAY_IN_WORDS
        if len(text) == 1 and text in _DELIMITERS:
            return text
        if _ORGANIZATION.fullmatch(text):
            return self.made.organization(text)
        mail = _MAIL.fullmatch(text)
        if mail:
            rest = mail[1] if mail[1] in _PROGRAMS else "example.com"
            return self.made.person(text, f"@{rest}")
        if self._origin and text.startswith(f"{self._origin}/"):
            return ENDPOINT + self.target(text[len(self._origin) :])
        own = _OWN_RESOURCE.fullmatch(text)
        if own and ID.fullmatch(own[4]):
            return f"{own[1]}{self.made.word(own[2])}{own[3]}{self.made.id(own[4])}"
        if re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", text):
            return self._address(text)
        if text.startswith(("/", "@/")) and self._is_path(text):
            return text[: text.index("/")] + self.target(text[text.index("/") :])
        if re.fullmatch(r"_\w+\.\w+\.[0-9a-f]{16,}", text):
            return self.words(text)
        if ID.search(text) and not re.search(r"\w", ID.sub("", text)):
            return ID.sub(lambda match: self._id(match[0]), text)
        return self.made.text(text)

    def number(self, value: int) -> int:
        """Return the number that is the ID of an object; those of Adobe's own objects are small."""
        return self.made.number(value) if value > _PUBLIC_NUMBERS else value

    def words(self, text: str) -> str:
        """Return a path or expression: words of the platform are kept, others replaced, signs between them stay."""
        if text in vocabulary().ids or _PUBLIC.fullmatch(text):
            return text
        own = _OWN_RESOURCE.fullmatch(text)
        if own:
            return f"{own[1]}{self.made.word(own[2])}{own[3]}{self.words(own[4])}"
        return "".join(
            self._id(part) if ID.fullmatch(part) else "".join(map(self._words, _between(_ROW, part)))
            for part in _between(ID, text)
        )

    def _words(self, part: str) -> str:
        if not _ROW.fullmatch(part):
            return _PARTS.sub(lambda match: self._word(match[0]), part)
        # Numbers with commas may be the arguments of a function.
        return re.sub("[0-9]+", "1", part) if "," in part else self.made.word(part)

    def key(self, name: str) -> str:
        """Return the name of a member."""
        words = vocabulary()
        if name in words.members or name in words.ids:
            return name
        if _MAIL.fullmatch(name):
            return self.value(name)
        return self.words(name)

    def target(self, target: str) -> str:
        """Return the path and query of a request or link."""
        path, mark, query = target.partition("?")
        return self.path(path) + (mark and "?" + self.query(query))

    def path(self, path: str) -> str:
        """Return a path whose parts may be encoded addresses and IDs."""
        parts = path.split("/")
        return "/".join(
            part if before == _OF_A_MEMBER and part in vocabulary().members else self._segment(part)
            for before, part in zip(["", *parts], parts, strict=False)
        )

    def query(self, query: str) -> str:
        """Return a query; conditions such as `name==X` keep their member and their operator."""
        return "&".join(self._parameter(*pair.partition("=")) for pair in query.split("&"))

    def _parameter(self, quoted: str, sign: str, value: str) -> str:
        name = unquote(quoted)
        return quote(self.key(name), safe=":$@._-") + sign + _quoted(self._condition(name, value))

    def _condition(self, name: str, quoted: str) -> str:
        value = unquote(quoted.replace("+", " "))
        if name in _COUNTS and re.fullmatch(r"[0-9]{1,6}", value):
            return value
        if value in vocabulary().values or value in ("true", "false", "*"):
            return value
        if name.endswith(tuple(_MOMENTS)) and re.fullmatch(r"[0-9]{1,13}", value):
            return _MOMENTS["After" if name.endswith("After") else "Before"]
        if name.lower() in _OF_MEMBERS:
            return self.words(value)
        parts = _OPERATOR.split(value, maxsplit=1)
        if len(parts) > 1:
            left, sign, right = parts
            kept = right if re.fullmatch(r"true|false|[0-9]{1,2}", right) else self._listed(right)
            return f"{self.words(left)}{sign}{kept}"
        return self._listed(value)

    def _listed(self, value: str) -> str:
        if value in self.made.originals.values() or "," not in value:
            return self._name_or_value(value)
        if _ROW.fullmatch(value):
            return re.sub("[0-9]+", "1", value)
        return ",".join(self._name_or_value(part) for part in value.split(","))

    def _name_or_value(self, value: str) -> str:
        return value if value in vocabulary().members or re.fullmatch(r"[0-9]{1,2}", value) else self.value(value)

    def _segment(self, quoted: str) -> str:
        plain = unquote(quoted)
        if not plain or plain in vocabulary().segments or plain in ("..", "."):
            return quoted
        if re.fullmatch(r"v[0-9.]{1,3}|[0-9]{1,4}", plain):
            return quoted
        if re.fullmatch(r"[0-9]{5,15}", plain):
            return str(self.number(int(plain)))
        return quote(self.value(plain), safe="@,{}" if quoted == plain else ",")

    def _is_path(self, text: str) -> bool:
        parts = re.split(r"[/?]", text.removeprefix("@"))
        return len(parts) > 1 and parts[1] in vocabulary().segments and " " not in text

    def _address(self, text: str) -> str:
        try:
            parts = urlsplit(text)
            host = parts.hostname or ""
        except ValueError:
            return self.made.text(text)
        scheme = parts.scheme if parts.scheme in ("http", "https") else "https"
        rest = text.partition("://")[2].partition("/")[2]
        return f"{scheme}://{self.made.host(host)}" + (f"/{self.made.text(rest)}" if rest else "")

    def _id(self, value: str) -> str:
        return value if value in vocabulary().ids else self.made.id(value)

    def _word(self, word: str) -> str:
        plain = word.lstrip("_")
        if word in vocabulary().members or plain in vocabulary().members or not plain:
            return word
        if _SHORT_NUMBER.fullmatch(plain):
            return word
        return "_" * (len(word) - len(plain)) + self.made.word(plain)


_MOMENTS: Final = {"After": "1", "Before": "4102444800000"}
"""What stands for the limits of a time, by the end of the parameter's name: all that a record has lies between."""
_OF_MEMBERS: Final = frozenset({"orderby", "properties", "sort"})
_COUNTS: Final = frozenset({"limit", "start", "page", "offset", "size", "count", "interval", "version"})


def _quoted(value: str) -> str:
    return quote(value, safe="=!~<>,:*@/{}.;")


def _between(pattern: "re.Pattern[str]", text: str) -> list[str]:
    """Return the text as its matches and what stands between them."""
    parts, end = [], 0
    for match in pattern.finditer(text):
        parts += [text[end : match.start()], match[0]]
        end = match.end()
    return [*parts, text[end:]]

"""Secret values that a run knows. Every output is masked with them."""

import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from flowctl.masking.search import Search, Span

# What finds secrets is imported with the first secret: `--help` and `--version` start without it.

MASK: Final = "(sensitive)"
_LONGEST_WORD: Final = 60
"""Characters up to which a word may be flowctl's own."""


class SecretValues:
    """The secrets of one run, and texts without them. Threads may share it.

    Without secrets, a text is returned unchanged at no cost. `own_words` are whole words that flowctl itself writes,
    such as diagnostic codes: they stay, even if a secret begins or ends like one of them. They are asked for only then.
    """

    def __init__(self, own_words: Callable[[], Collection[str]] = frozenset) -> None:
        self._own_words = own_words
        self._lock = threading.Lock()
        self._known: set[str] = set()
        self._new: dict[str, bool] = {}
        self._public: set[str] = set()
        self._said: tuple[str, frozenset[str]] | None = None
        self._searches: list[Search] = []

    def add(self, *secrets: Any) -> None:
        """Add secrets: strings, or mappings and lists of strings. The secret parts of each count on their own too."""
        from flowctl.masking.parts import secret_parts, texts_of

        found: dict[str, bool] = {}
        for secret in secrets:
            if isinstance(secret, bool) or secret is None:
                continue
            for text in (secret,) if isinstance(secret, str) else texts_of(secret):
                parts = dict.fromkeys(secret_parts(text), False)
                found = {**parts, text: bool(parts) or "://" in text, **found}
        with self._lock:
            self._new |= {text: structured for text, structured in found.items() if text not in self._known}
            self._known |= found.keys()

    def publish(self, words: Iterable[str]) -> None:
        """Add words that the workspace shows in clear, such as names of documents: they are not secrets.

        They apply to secrets that are added later.
        """
        with self._lock:
            self._public.update(words)
            self._said = None

    def masked(self, text: str) -> str:
        """The text with `(sensitive)` in place of every secret; JSON stays JSON."""
        spans = self._spans(text) if self._known else []
        if not spans:
            return text
        if text.lstrip()[:1] in ("{", "["):
            import json

            try:
                document = json.loads(text)
            except (ValueError, RecursionError):
                pass
            else:
                indent = 2 if "\n" in text.strip() else None
                end = text[len(text.rstrip()) :]
                # Written as what prints JSON writes it: `##` may begin a command to a reader of logs.
                return json.dumps(self.masked_value(document), indent=indent).replace("##", "#\\u0023") + end
        return _without(text, spans)

    def masked_value(self, value: Any) -> Any:
        """A JSON value in which every string and number is masked."""
        if isinstance(value, str):
            spans = self._spans(value) if self._known else []
            return _without(value, spans) if spans else value
        if isinstance(value, Mapping):
            return {self.masked_value(key): self.masked_value(member) for key, member in value.items()}
        if isinstance(value, list | tuple):
            return [self.masked_value(item) for item in value]
        if isinstance(value, int | float) and not isinstance(value, bool):
            return value if self.masked_value(str(value)) == str(value) else MASK
        return value

    def _spans(self, text: str) -> "list[Span]":
        from flowctl.masking.codings import folded
        from flowctl.masking.needles import needles
        from flowctl.masking.search import Search, merged

        with self._lock:
            if self._new:
                # Secrets that are learned later, such as tokens, get a search of their own: the first one may be large.
                if self._said is None:
                    said = set(map(folded, self._public))
                    words = frozenset(part for word in said for part in (word, *word.split("-")))
                    self._said = "\n".join(said), words
                public, words = self._said
                made = [
                    needle
                    for secret, structured in self._new.items()
                    for needle in needles(secret, structured=structured, public=public, words=words)
                ]
                self._searches.append(Search(made))
                self._new = {}
            searches = tuple(self._searches)
        found = merged([span for search in searches for span in search.spans(text)])
        return [span for span in found if not self._is_own_word(text, span)]

    def _is_own_word(self, text: str, span: "Span") -> bool:
        """Whether what is found is a word of flowctl's own or a part of one, and not a whole secret."""
        begin, end = _word_around(text, span)
        if end - begin > _LONGEST_WORD or text[slice(*span)] in self._known:
            return False
        return text[begin:end] in self._own_words()


def _word_around(text: str, span: "Span") -> "Span":
    """The word that a place is in, or a beginning of it that is too long for a word."""
    begin, end = span
    while begin > 0 and end - begin <= _LONGEST_WORD and _is_of_word(text[begin - 1]):
        begin -= 1
    while end < len(text) and end - begin <= _LONGEST_WORD and _is_of_word(text[end]):
        end += 1
    return begin, end


def _is_of_word(sign: str) -> bool:
    return sign.isalnum() or sign in "_-"


def _without(text: str, spans: "Iterable[Span]") -> str:
    done, kept = 0, []
    for begin, end in spans:
        kept += [text[done:begin], MASK]
        done = end
    return "".join([*kept, text[done:]])

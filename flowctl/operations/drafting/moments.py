"""The forms in which files write dates and times, recognized by the values of a column."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

_PARTS: Final = {
    "yyyy": r"(?P<year>\d{4})",
    "MM": r"(?P<month>\d\d)",
    "dd": r"(?P<day>\d\d)",
    "M": r"(?P<month>\d{1,2})",
    "d": r"(?P<day>\d{1,2})",
    "HH": r"(?P<hour>\d\d)",
    "mm": r"(?P<minute>\d\d)",
    "ss": r"(?P<second>\d\d)",
}
_DAYS: Final = (
    *("yyyy-MM-dd", "yyyy/MM/dd", "dd/MM/yyyy", "MM/dd/yyyy", "d/M/yyyy", "M/d/yyyy"),
    *("dd.MM.yyyy", "d.M.yyyy", "dd-MM-yyyy", "MM-dd-yyyy"),
)
_TIMES: Final = (" HH:mm:ss", " HH:mm", "'T'HH:mm:ss")
_ZONE: Final = "XXX"
RFC_3339: Final = f"yyyy-MM-dd'T'HH:mm:ss{_ZONE}"
"""The form of a date-time of XDM; a fraction of a second may follow the seconds."""
_FORMS: Final = (RFC_3339, *_DAYS, *(f"{day}{time}" for day in _DAYS for time in _TIMES))
_SHORT: Final = re.compile(r"\b([dM])\b")
_READY: Final = frozenset({RFC_3339, "yyyy-MM-dd"})


def _pattern(form: str) -> re.Pattern[str]:
    body = "|".join(sorted(_PARTS, key=len, reverse=True))
    text = re.sub(
        rf"{body}|'T'|{_ZONE}|.",
        lambda found: {"'T'": "T", _ZONE: r"(?:Z|[+-]\d\d:\d\d)", **_PARTS}.get(found[0], re.escape(found[0])),
        form,
    )
    return re.compile(text.replace(_PARTS["ss"], rf"{_PARTS['ss']}(?:\.\d{{1,9}})?") + r"\Z", re.ASCII)


_PATTERNS: Final = {form: _pattern(form) for form in _FORMS}


def forms_of(text: str, among: Iterable[str] = _FORMS) -> tuple[str, ...]:
    """The forms, of some, in which a string is a date or a time."""
    return tuple(form for form in among if _is_in(text, form))


def _is_in(text: str, form: str) -> bool:
    found = _PATTERNS[form].match(text)
    if found is None:
        return False
    try:
        datetime(**{part: int(digits) for part, digits in found.groupdict().items()})  # type: ignore[arg-type]
    except ValueError:
        return False
    return True


def type_of_forms(forms: Sequence[str]) -> str:
    """`date` or `date-time`."""
    return "date-time" if "HH" in forms[0] else "date"


def needed_form(forms: Sequence[str]) -> str:
    """What a mapping has to know to make a date of it: the forms that fit, in words; empty for those of XDM."""
    if any(form in _READY for form in forms):
        return ""
    padded = {form: _SHORT.sub(r"\1\1", form) for form in forms}
    distinct = [form for form, wide in padded.items() if wide == form or wide not in forms]
    return " or ".join(distinct)

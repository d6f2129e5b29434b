"""Character classes of Java's regular expressions, written for the package `regex`."""

from __future__ import annotations

HORIZONTAL = r"\x09\x20\xa0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000"
VERTICAL = r"\x0a-\x0d\x85\u2028\u2029"
LINE_END = r"\x0a\x0d\x85\u2028\u2029"
_SHORT = {"d": "0-9", "w": "a-zA-Z0-9_", "s": r"\x20\x09-\x0d", "h": HORIZONTAL, "v": VERTICAL}
_SHORT_UNICODE = {
    **_SHORT,
    "d": r"\p{Nd}",
    "w": r"\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\u200c\u200d",
    "s": r"\p{White_Space}",
}
# The classes of POSIX and of java.lang.Character, which Java takes as ASCII and as Unicode.
_POSIX = {
    "Lower": "a-z",
    "Upper": "A-Z",
    "ASCII": r"\x00-\x7f",
    "Alpha": "a-zA-Z",
    "Digit": "0-9",
    "Alnum": "a-zA-Z0-9",
    "Punct": r"\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e",
    "Graph": r"\x21-\x7e",
    "Print": r"\x20-\x7e",
    "Blank": r"\x20\x09",
    "Cntrl": r"\x00-\x1f\x7f",
    "XDigit": "0-9a-fA-F",
    "Space": r"\x20\x09-\x0d",
}
_POSIX_UNICODE = {
    "Lower": r"\p{Lowercase}",
    "Upper": r"\p{Uppercase}",
    "ASCII": r"\x00-\x7f",
    "Alpha": r"\p{Alphabetic}",
    "Digit": r"\p{Nd}",
    "Alnum": r"\p{Alphabetic}\p{Nd}",
    "Punct": r"\p{P}",
    "Graph": r"[^\p{White_Space}\p{Cc}\p{Cs}\p{Cn}]",
    "Print": r"[^\p{Cc}\p{Cs}\p{Cn}\p{Zl}\p{Zp}]",
    "Blank": r"\p{Zs}\x09",
    "Cntrl": r"\p{Cc}",
    "XDigit": r"\p{Nd}\p{Hex_Digit}",
    "Space": r"\p{White_Space}",
}
_JAVA = {
    "LowerCase": r"\p{Lowercase}",
    "UpperCase": r"\p{Uppercase}",
    "TitleCase": r"\p{Lt}",
    "Alphabetic": r"\p{Alphabetic}",
    "Ideographic": r"\p{Ideographic}",
    "Digit": r"\p{Nd}",
    "Defined": r"\P{Cn}",
    "Letter": r"\p{L}",
    "LetterOrDigit": r"\p{L}\p{Nd}",
    "SpaceChar": r"\p{Z}",
    "Whitespace": r"\x09-\x0d\x1c-\x20\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000",
    "ISOControl": r"\x00-\x1f\x7f-\x9f",
}
_CATEGORIES = frozenset(
    [
        "L",
        "Lu",
        "Ll",
        "Lt",
        "Lm",
        "Lo",
        "M",
        "Mn",
        "Mc",
        "Me",
        "N",
        "Nd",
        "Nl",
        "No",
        "P",
        "Pc",
        "Pd",
        "Ps",
        "Pe",
        "Pi",
        "Pf",
        "Po",
        "S",
        "Sm",
        "Sc",
        "Sk",
        "So",
        "Z",
        "Zs",
        "Zl",
        "Zp",
        "C",
        "Cc",
        "Cf",
        "Cs",
        "Co",
        "Cn",
    ]
)
_BINARY = {
    "ALPHABETIC": "Alphabetic",
    "IDEOGRAPHIC": "Ideographic",
    "LETTER": "L",
    "LOWERCASE": "Lowercase",
    "UPPERCASE": "Uppercase",
    "TITLECASE": "Lt",
    "PUNCTUATION": "P",
    "CONTROL": "Cc",
    "WHITE_SPACE": "White_Space",
    "WHITESPACE": "White_Space",
    "DIGIT": "Nd",
    "HEX_DIGIT": "Hex_Digit",
    "HEXDIGIT": "Hex_Digit",
    "JOIN_CONTROL": "Join_Control",
    "NONCHARACTER_CODE_POINT": "Noncharacter_Code_Point",
}


def short_class(letter: str, *, unicode: bool) -> str:
    """Return the inside of `\\d`, `\\w`, `\\s`, `\\h` or `\\v`, in brackets; capitals are the complement."""
    inside = (_SHORT_UNICODE if unicode else _SHORT)[letter.lower()]
    return f"[^{inside}]" if letter.isupper() else f"[{inside}]"


def property_class(name: str, *, unicode: bool) -> str | None:
    """Return what `\\p{name}` matches, in brackets, or None where Java does not know the name."""
    if "=" in name:
        key, _, value = name.partition("=")
        kind = {"sc": "Script", "script": "Script", "blk": "Block", "block": "Block"}.get(key.lower())
        if kind:
            return rf"[\p{{{kind}={value}}}]"
        return rf"[\p{{{value}}}]" if key.lower() in ("gc", "general_category") and value in _CATEGORIES else None
    if name.startswith("In"):
        return rf"[\p{{Block={name[2:]}}}]"
    if name.startswith("Is"):
        return _is_class(name[2:])
    if name.startswith("java"):
        inside = _JAVA.get(name[4:])
    elif name in _CATEGORIES:
        inside = rf"\p{{{name}}}"
    else:
        extra = {"LC": r"\p{Lu}\p{Ll}\p{Lt}", "LD": r"\p{L}\p{Nd}", "L1": r"\x00-\xff", "all": r"\x00-\U0010ffff"}
        inside = (_POSIX_UNICODE if unicode else _POSIX).get(name) or extra.get(name)
    return f"[{inside}]" if inside else None


def _is_class(name: str) -> str:
    if name in _CATEGORIES:
        return rf"[\p{{{name}}}]"
    binary = _BINARY.get(name.upper())
    if binary:
        return rf"[\p{{{binary}}}]"
    if name.upper() == "ASSIGNED":
        return r"[\P{Cn}]"
    return rf"[\p{{Script={name}}}]"


def character(code: int) -> str:
    """Return one character as an escape that means the same in and outside of brackets."""
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def with_case(code: int, *, unicode: bool) -> str:
    """Return a character with its other cases, for the inside of brackets: only ASCII unless told otherwise."""
    letter = chr(code)
    if not unicode and not letter.isascii():
        return character(code)
    cases = {letter, letter.lower(), letter.upper(), letter.upper().lower()}
    if not unicode:
        cases = {case for case in cases if case.isascii()}
    return "".join(character(ord(case)) for case in sorted(cases) if len(case) == 1)


def range_with_case(first: int, last: int, *, unicode: bool) -> str:
    """Return a range with the other cases of its letters, for the inside of brackets."""
    text = f"{character(first)}-{character(last)}"
    stop = min(last, 0x24F if unicode else 0x7F)
    return text + "".join(
        with_case(code, unicode=unicode) for code in range(first, stop + 1) if chr(code).lower() != chr(code).upper()
    )

"""Text that looks like a substitution but is not one: variables of other tools, and flowctl's own with a mistake.

In a secret, Experience Platform would get it as the secret; in other values it is a title or a path that nobody meant.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from flowctl.late_pattern import late_pattern

_NAME: Final = r"[A-Za-z_][A-Za-z0-9_.-]*"
_ENV: Final = r"(?P<env{0}>env(?:iron(?:ment)?)?(?:_var)?|secrets?)"
_VAR: Final = r"(?P<var{0}>vars?|variables?)"

_FORMS: Final = (
    # ${ENV:NAME} and ${ env:NAME } are in substitute.py; these are ${env.NAME}, ${{ secrets.NAME }}, {{ env.NAME }},
    # {{ env "NAME" }}, {{ env_var('NAME') }}, #{env:NAME}, $ENV{NAME}, $(env:NAME), $env:NAME and <%= ENV['NAME'] %>.
    r"\$\{{\s*(?:{env}|{var})\.\s*(?P<name{0}>{name})\s*\}}",
    r"\$?\{{\{{-?\s*\.?(?:{env}|{var})(?:\.|:|\s|\(|\[)[\s'\"\\(\[]*(?P<name{0}>{name})['\"\s\\)\]]*-?\}}\}}",
    r"[#@%]\{{\s*(?:{env}|{var})\s*[.:]\s*(?P<name{0}>{name})\s*\}}",
    r"\$(?:{env}|{var})\{{\s*(?P<name{0}>{name})\s*\}}",
    r"\$\(\s*(?:(?:{env}|{var})\s*[.:]\s*)(?P<name{0}>{name})\s*\)",
    r"\$(?:{env}|{var}):(?P<name{0}>{name})",
    r"<%=?\s*(?:{env}|{var})\s*[\[.(][\s'\"\\]*(?P<name{0}>{name})[\s'\"\\]*[\])]?\s*%>",
)
_SIGNS: Final = ("${", "$(", "$env", "$var", "$sec", "{{", "#{", "@{", "%{", "<%")
"""Every lookalike in lowercase holds one of these."""


@cache
def _lookalike() -> re.Pattern[str]:
    """The pattern for all of them. It is slow to compile, and the manifests of most workspaces never need it."""
    forms = (
        form.format(place, env=_ENV.format(place), var=_VAR.format(place), name=_NAME)
        for place, form in enumerate(_FORMS)
    )
    return re.compile("|".join(forms), re.I)


_OWN: Final = late_pattern(rf"\$\{{\s*(env|var)\s*:\s*({_NAME})\s*\}}", re.I)
_SHELL: Final = late_pattern(
    r"\$\{?[A-Z_][A-Z0-9_]*\}?|\$\([A-Z_][A-Z0-9_]*\)|%[A-Z_][A-Z0-9_]*%|\{\{\s*[A-Z_][A-Z0-9_]*\s*\}\}"
)


def may_hold_lookalikes(text: str) -> bool:
    """Whether the values of a file with this text may hold lookalikes."""
    if "{{" not in text and not any(map(text.__contains__, "$#@%<")):
        return False
    rest = text.lower().replace("${env:", "").replace("${var:", "")
    return any(sign in rest for sign in _SIGNS) and _lookalike().search(text) is not None


def lookalikes(text: str) -> Iterator[tuple[str, str]]:
    """Each lookalike in a string, with the substitution that is probably meant."""
    if not may_hold_lookalikes(text):
        return
    for found in _lookalike().finditer(text):
        groups = {name.rstrip("0123456789"): value for name, value in found.groupdict().items() if value}
        yield found[0], f"${{{'env' if 'env' in groups else 'var'}:{groups['name']}}}"


def own(text: str) -> Iterator[tuple[str, str]]:
    """Each of flowctl's own substitutions in a string, correct or nearly correct, with the correct one."""
    for found in _OWN.finditer(text):
        yield found[0], f"${{{found[1].lower()}:{found[2]}}}"


def near_substitution(written: str) -> str:
    """The substitution that is near a malformed one, such as `${ENV:NAME}`; empty if there is none."""
    return next((meant for _, meant in own(written)), "")


def is_shell_variable(text: str) -> bool:
    """Whether a string is only the name of a variable, as shells and templates write it."""
    return _SHELL.fullmatch(text.strip()) is not None


def without_lookalikes(text: str) -> str:
    """A string without the names of variables."""
    return _OWN.sub("", _lookalike().sub("", text) if may_hold_lookalikes(text) else text)

"""Text from outside that a terminal, a reader of logs or Markdown would obey is shown and not obeyed."""

import ast
import json
import logging
import os
import pty
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from surroundings import ROOT, Platform, Result, Workspace

from flowctl.cli.log import begin_log
from flowctl.model.address import Address
from flowctl.model.change import Action, AttributeChange, Change, Reason
from flowctl.model.diagnostic import Diagnostic, Severity
from flowctl.model.plan import Drift, DriftedAttribute, Plan
from flowctl.views.markdown_block import lines_markdown
from flowctl.views.plan_markdown import plan_markdown
from flowctl.views.visible import json_text, visible, visible_lines

ACTING = "\x00\x07\x08\x1b[31m\x1b]0;t\x07\x7f\x85\x9b31m"
UNSEEN = "\u200b\u200d\u2060\ufeff\xad\u034f\u180e\u115f\u3164\uffa0\ufe0f\U000e0041\ufff9\xa0\u2800"
TURNING = "\u061c\u200e\u200f\u202a\u202e\u2066\u2069"
BREAKING = "\r\n\t\x0b\x0c\u2028\u2029"
COMMANDS = "##[error]x ##vso[task.complete]y ##teamcity[z]"
HOSTILE = f"a{ACTING}{UNSEEN}{TURNING}{BREAKING}::warning::b\n::add-mask::c{COMMANDS}"
ACTS = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
NUMBER_SIGNS = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
"""Unicode counts them among format characters, and every reader of those scripts sees them."""
READABLE = ["Kunden-Übersicht", "عملاء", "לקוחות", "顧客 一覧", "Клиенты", "ลูกค้า", "ग्राहक", "😀 café", "½ €"]


def assert_safe(text: str) -> None:
    """Nothing acts, nothing is unseen, no line is a command; judged by Unicode's own categories."""
    for line in text.split("\n"):
        bad = {c for c in line if (unicodedata.category(c) in ACTS and c not in NUMBER_SIGNS) or c in UNSEEN}
        assert not bad, ascii(line)
        assert not line.lstrip().startswith("::"), line
        assert not re.search(r"##\w*\[", line), line


def safe(result: Result) -> Result:
    assert_safe(result.out)
    assert_safe(result.err)
    assert "Traceback" not in result.err
    assert "internal-error" not in result.out + result.err
    return result


# The function.


@given(st.text() | st.text(alphabet=st.characters(categories=["C", "Z"])))
def test_no_text_acts(text: str) -> None:
    assert_safe(visible(text))


@given(st.text())
def test_what_is_visible_stays_as_it_is(text: str) -> None:
    assert visible(visible(text)) == visible(text)


@pytest.mark.parametrize("text", READABLE)
def test_every_language_stays_readable(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[1m", "\\x1b[1m"),
        ("a\nb\r\tc", "a\\nb\\r\\tc"),
        ("\u202eabc", "\\u202eabc"),
        ("\udcff", "\\udcff"),
        ("\U000e0041", "\\U000e0041"),
        ("a\xa0b", "a\\xa0b"),
        ("::error::x", ":\\x3aerror::x"),
        (" \t::error::x", " \\t::error::x"),
        ("  ::error::x", "  :\\x3aerror::x"),
        ("see ##[group]x", "see #\\x23[group]x"),
        ("a::b", "a::b"),
        ("# [x] ## y", "# [x] ## y"),
        ("\uffff\ufdd0\U0001fffe\ue000", "\\uffff\\ufdd0\\U0001fffe\\ue000"),
    ],
)
def test_what_acts_is_an_escape(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_lines_of_our_own_stay_lines() -> None:
    assert visible_lines("a\n::b\x1b") == "a\n:\\x3ab\\x1b"


@example({"\x7f": "\x7f", "a": "##[x]"})
@given(st.dictionaries(st.text(), st.text() | st.sampled_from(["\x7f", "##[x]", "##vso[y]", "\\##[z]", "###[w]"])))
def test_json_keeps_its_values_and_is_inert(document: dict[str, str]) -> None:
    text = json_text(document, indent=2)
    assert json.loads(text) == document
    assert text.isascii()
    assert_safe(text)


# What a workspace holds.

QUOTED = '"' + "".join(c if c.isalnum() else f"\\U{ord(c):08x}" for c in HOSTILE if c != "\x00") + '"'
"""As a scalar of YAML, every sign escaped."""
PLACES = {
    "a pipeline's title": ("pipelines/shop-customers.yaml", "  title: Shop customers\n", "  title: {}\n"),
    "a pipeline's name": ("pipelines/shop-customers.yaml", "name: shop-customers\n", "name: {}\n"),
    "a label": ("pipelines/shop-customers.yaml", "  title: Shop customers\n", "  labels: {{{}: x}}\n"),
    "an unknown key": ("pipelines/shop-customers.yaml", "schedule:\n", "{}: 1\nschedule:\n"),
    "a kind": ("pipelines/shop-customers.yaml", "kind: Pipeline", "kind: {}"),
    "a reference": ("pipelines/shop-customers.yaml", "connection: shop-database", "connection: {}"),
    "an id on the platform": ("pipelines/shop-customers.yaml", "connection: shop-database", "connection: {{id: {}}}"),
    "a title on the platform": (
        "pipelines/shop-customers.yaml",
        "connection: shop-database",
        "connection: {{title: {}}}",
    ),
    "a parameter": ("pipelines/shop-customers.yaml", "tableName: public.customers", "tableName: {}"),
    "a key of a parameter": ("pipelines/shop-customers.yaml", "tableName: public.customers", "{}: x"),
    "a destination": ("pipelines/shop-customers.yaml", "destination: _id", "destination: {}"),
    "a frequency": ("pipelines/shop-customers.yaml", "frequency: hour", "frequency: {}"),
    "a class": ("schemas/customer.yaml", "https://ns.adobe.com/xdm/context/profile\n", "{}\n"),
    "an authentication": ("connections/shop-database.yaml", "specName: Connection String", "specName: {}"),
    "a connector": ("connections/shop-database.yaml", "connector: postgresql", "connector: {}"),
    "a folder": ("flowctl.yaml", "datasets, pipelines]", "datasets, pipelines, {}]"),
    "an environment": ("flowctl.yaml", "  dev:\n", "  {}: {{}}\n  dev:\n"),
    "the default environment": ("flowctl.yaml", "defaultEnvironment: dev", "defaultEnvironment: {}"),
    "a key of flowctl.yaml": ("flowctl.yaml", "defaultEnvironment: dev", "defaultEnvironment: dev\n{}: 1"),
    "a variable": ("flowctl.yaml", "    variables:\n", "    variables:\n      {}: x\n"),
    "an endpoint": ("flowctl.yaml", "    variables:\n", "    auth: {{tokenUrl: {}}}\n    variables:\n"),
}


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
@pytest.mark.parametrize("place", PLACES)
def test_a_workspace_is_shown_and_not_obeyed(examples: Workspace, place: str, form: str) -> None:
    name, old, new = PLACES[place]
    examples.edit(name, old, new.format(QUOTED))
    for command in (("validate",), ("plan",), ("apply", "--auto-approve"), ("show",), ("state", "orphans")):
        safe(examples.run(*command, "--format", form))


def test_applied_text_is_shown_and_not_obeyed(examples: Workspace) -> None:
    examples.edit("pipelines/shop-customers.yaml", "  title: Shop customers\n", f"  title: {QUOTED}\n")
    applied = safe(examples.apply("-v"))
    assert "\\u202e" in applied.out
    assert "\\n::add-mask::" in applied.out
    shown = safe(examples.run("show", "shop-customers.flow"))
    assert "\\x1b" in shown.out or "\\u001b" in shown.out
    for form in ("text", "json", "markdown"):
        safe(examples.run("state", "show", "shop-customers.flow", "--format", form))


@pytest.mark.parametrize("name", ["\x1b[31m.yaml", "\n::error::x.yaml", "a\u202eb.yaml", "\udcff.yaml", "##[x].yaml"])
@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_names_of_files_and_folders_are_shown(examples: Workspace, name: str, form: str) -> None:
    folder = examples.root / "pipelines" / os.fsdecode(b"f\x1b\n::warning::g")
    folder.mkdir()
    (folder / name).write_text("kind: Nothing\n", encoding="utf-8")
    (examples.root / "pipelines" / name).write_text("a: [\n", encoding="utf-8")
    assert safe(examples.run("validate", "--format", form)).code == 1
    safe(examples.run("-C", str(folder), "plan", "--format", form))


# What the command line holds.

ARGUMENTS = [
    ("plan", "--target", HOSTILE),
    ("plan", "-e", HOSTILE),
    ("validate", "--var", HOSTILE),
    ("validate", "--var", f"{HOSTILE}=x"),
    ("validate", HOSTILE.replace("\x00", "")),
    ("-C", HOSTILE.replace("\x00", ""), "plan"),
    ("apply", HOSTILE.replace("\x00", "")),
    ("plan", "--format", HOSTILE),
    ("plan", f"--{HOSTILE}"),
    ("plan", HOSTILE),
    (HOSTILE,),
    ("show", HOSTILE),
    ("state", HOSTILE),
    ("state", "show", HOSTILE),
    ("state", "rm", "--auto-approve", HOSTILE),
    ("state", "mv", HOSTILE, "b"),
    ("state", "mv", "a.flow", HOSTILE),
    ("state", "settle", HOSTILE, HOSTILE),
    ("completion", HOSTILE),
    ("unlock", "-e", HOSTILE.replace("\x00", "").replace("/", "")),
    ("emulator", "reset", "--url", f"http://127.0.0.1:9/{HOSTILE}"),
    ("emulator", "seed", HOSTILE.replace("\x00", "")),
    ("emulator", "serve", "--host", HOSTILE),
    ("plan", "--parallelism", HOSTILE),
]


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
@pytest.mark.parametrize("arguments", ARGUMENTS, ids=lambda words: " ".join(words).partition("a\x00")[0])
def test_arguments_are_shown_and_not_obeyed(examples: Workspace, arguments: tuple[str, ...], form: str) -> None:
    result = examples.run("--format", form, *arguments)
    assert_safe(result.out)
    assert_safe(result.err.replace("Traceback", ""))


# What the platform says.


def test_words_of_the_platform_are_shown(examples: Workspace, platform: Platform) -> None:
    body = {
        "title": HOSTILE,
        "detail": HOSTILE,
        "message": HOSTILE,
        "error_code": HOSTILE,
        "type": f"/errors/{HOSTILE}",
    }
    for method in ("GET", "POST"):
        for form in ("text", "json", "markdown"):
            platform.http.delete("/_emulator/faults")
            platform.fault(match={"method": method}, nth=1, times=1, effect={"status": 400, "body": body})
            assert safe(examples.run("apply", "--auto-approve", "--format", form)).code == 1


def test_live_names_are_shown(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    flow = platform.one("flows", "Shop customers")
    patch = [{"op": "replace", "path": "/name", "value": HOSTILE}]
    path = f"/data/foundation/flowservice/flows/{flow['id']}"
    platform.request("PATCH", path, json=patch, headers={"If-Match": flow["etag"]}).raise_for_status()
    platform.request(
        "POST",
        "/data/foundation/flowservice/sourceConnections",
        json={**platform.items("sourceConnections")[0], "name": HOSTILE},
    )
    for form in ("text", "json", "markdown"):
        safe(examples.run("plan", "--format", form))
        assert "u202e" in safe(examples.run("plan", "-v", "--format", form)).out
        safe(examples.run("show", "shop-customers.flow", "--format", form))
        safe(examples.run("state", "orphans", "--format", form))
    logged = safe(examples.run("plan", "-vv", "--log-format", "json"))
    assert logged.err


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_the_lockfile_is_shown(examples: Workspace, form: str) -> None:
    examples.begin_applied()
    document = examples.lockfile
    entry = document["entries"].pop("shop-customers.flow")
    document["entries"][f"{HOSTILE}.flow"] = {**entry, "id": HOSTILE}
    (examples.root / "flowctl.dev.lock").write_text(json.dumps(document), encoding="utf-8")
    for command in (("show",), ("state", "list"), ("plan",), ("show", f"{HOSTILE}.flow")):
        safe(examples.run(*command, "--format", form))


def test_json_that_is_masked_too_stays_inert(examples: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOWCTL_TEST_SECRET", "Zq7SECRETval9xKw")
    examples.edit("connections/support-desk.yaml", "${var:restPassword}", "${env:FLOWCTL_TEST_SECRET}")
    examples.edit("connections/support-desk.yaml", "title: Support desk", "title: 'Zq7SECRETval9xKw ##vso[task]'")
    result = safe(examples.run("plan", "--format", "json"))
    assert "(sensitive) ##vso[task]" in [
        each["after"] for change in json.loads(result.out)["changes"] for each in change["attributes"]
    ]


# A terminal.


def test_a_terminal_shows_names_without_markup(examples: Workspace, platform: Platform) -> None:
    """Colors are on: apart from what rich itself writes, nothing acts, and `[red]` and `:boom:` stay letters."""
    examples.begin_applied()
    path = "/data/foundation/flowservice/flows/*"
    said = {"message": "[red]x:boom:[/]\x07\u202e"}
    platform.fault(match={"method": "DELETE", "path": path}, nth=1, times=9, effect={"status": 400, "body": said})
    printed = _in_a_terminal("-C", str(examples.root), "destroy", "--auto-approve", code=1)
    assert "[red]x:boom:[/]\\x07\\u202e" in printed
    assert "\x07" not in printed
    assert "\u202e" not in printed


def test_a_question_is_shown(tmp_path: Path) -> None:
    folder = tmp_path / "\x1b[31m\u202e\n::x::"
    asked = _in_a_terminal("emulator", "reset", "--data-dir", str(folder), typed="no\n", code=1)
    assert f"Delete all data of {tmp_path}/\\x1b[31m\\u202e\\n::x::?" in asked


def _in_a_terminal(*arguments: str, typed: str = "", code: int = 0) -> str:
    own, terminal = pty.openpty()
    command = [sys.executable, "-m", "flowctl", *arguments]
    env = {**os.environ, "TERM": "xterm", "COLUMNS": "200"}
    env.pop("NO_COLOR", None)
    with subprocess.Popen(command, stdin=terminal, stdout=terminal, stderr=terminal, env=env, cwd=ROOT) as running:
        os.close(terminal)
        os.write(own, typed.encode())
        parts = []
        with suppress(OSError):
            while part := os.read(own, 65536):
                parts.append(part)
        assert running.wait(60) == code
    os.close(own)
    return b"".join(parts).decode("utf-8", "replace")


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_log_is_shown(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    begin_log(logging.DEBUG, form)
    log = logging.getLogger("flowctl.test")
    log.warning("path %s", HOSTILE)
    library = logging.getLogger(f"library.{form}")
    library.propagate = False
    library.error("library %s", HOSTILE)
    try:
        raise ValueError(HOSTILE)
    except ValueError:
        log.exception("failed")
    err = capsys.readouterr().err
    assert_safe(err)
    assert "library a" in err
    assert len(err.splitlines()) == 3 if form == "json" else "ValueError" in err


# Markdown.

MARKUP = [
    "@octocat",
    "octo/repo#1",
    "#12",
    "GH-12",
    "<script>alert(1)</script>",
    "<!-- x",
    "-->",
    "[x](https://evil.example)",
    "![x](https://evil.example/a.png)",
    "https://evil.example",
    "www.evil.example",
    "**bold**",
    "_em_",
    "`code`",
    "``` ",
    "~~~",
    "| a | b |",
    "\n# heading",
    "\n\n```\n",
    ":boom:",
    "$x$",
    "a\\|b",
    "&lt;b&gt;",
    "</details>",
    "<code>",
    "</code>@octocat",
    "~~gone~~",
]


SIGNS = r"@\w|https?://|www\.|\w#\d| #\d|GH-\d|<(?!/?details|/?summary)|!?\[|:\w+:|\$|~~|``"


def _markdown(text: str) -> str:
    # In an address a bracket begins a key, so it is never in a name.
    address = Address(f"{text.replace('[', '(')}.flow")
    change = Change(
        address=address,
        action=Action.UPDATE,
        reason=Reason.DRIFTED,
        attributes=(AttributeChange(steps=("name", text), before=text, after=text),),
        notes=(f"note {text}",),
    )
    said = Diagnostic(code="c", summary=f"said {text}", detail=f"more {text}", severity=Severity.WARNING)
    drift = Drift(address=address, attributes=(DriftedAttribute(steps=("n", text), recorded=text, observed=text),))
    return plan_markdown(
        Plan(
            environment=text,
            organization="o",
            sandbox=text,
            lineage="l",
            serial=1,
            manifest_digest="d",
            changes=(change,),
            drift=(drift,),
            diagnostics=(said,),
        )
    )


def _outside_code(text: str) -> Iterator[str]:
    """What Markdown and a code host read: no code spans, no code in HTML, no tags of our own."""
    for line in text.split("\n"):
        line = re.sub(r"`[^`]*`", "", line)
        yield re.sub(r"</?(details|summary|code)>|<code>.*?</code>|&#\d+;", "", line)


@pytest.mark.parametrize("text", MARKUP)
def test_markup_in_names_is_shown_and_not_obeyed(text: str) -> None:
    plain, marked = _markdown("x"), _markdown(text)
    assert len(marked.split("\n")) == len(plain.split("\n"))
    for line in _outside_code(re.sub(r"<code>.*?</code>", "", marked)):
        assert not re.search(
            r"@\w|https?://|www\.|\w#\d| #\d|GH-\d|<(?!/?details|/?summary)|!?\[|:\w+:|\$|~~|``", line
        ), line
    rows = [line for line in marked.split("\n") if line.startswith("| ")]
    assert {re.sub(r"\\\|", "", row).count("|") for row in rows} <= {4, 5}


def test_a_heading_of_another_result_is_safe() -> None:
    heading = lines_markdown("flowctl show @octocat <b>.flow", []).split("\n")[0]
    assert heading == "### flowctl show <code>&#64;octocat</code> <code>&#60;b&#62;.flow</code>"


# The emulator's page.


def test_the_emulators_page_shows_names(platform: Platform, examples: Workspace) -> None:
    examples.edit("pipelines/shop-customers.yaml", "  title: Shop customers\n", f"  title: {QUOTED}\n")
    examples.apply()
    page = platform.http.get("/").text
    assert "\\u202e" in page
    assert not [c for c in page if c != "\n" and unicodedata.category(c) in ACTS]


# Nobody prints in another way.

PRINTS = {
    "flowctl/views/lines.py": "the way to the streams",
    "flowctl/cli/streams.py": "streams that survive their readers",
    "flowctl/cli/main.py": "the version, and an output that cannot be written at all",
}
READS = {"isatty", "flush"}


def _prints(path: Path) -> Iterator[str]:
    """The places where a module reaches a stream, except to ask whether it is a terminal."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    asked = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in READS}
    for node in ast.walk(tree):
        words = ast.unparse(node) if isinstance(node, ast.Attribute | ast.Name) else ""
        if words in ("sys.stdout", "sys.stderr", "sys.__stdout__", "sys.__stderr__") and id(node) not in asked:
            yield words
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in ("print", "click.echo", "click.secho", "click.confirm", "click.prompt", "click.pause"):
                yield called
            if called.endswith(("StreamHandler", "pprint", "print_exc", "basicConfig", "warnings.warn")):
                yield called
            if called == "os.write" and ast.unparse(node.args[0]) in ("1", "2"):
                yield from () if isinstance(node.args[1], ast.Constant) else (called,)
            if called == "Console" and path.name not in ("lines.py", "progress.py"):
                yield called
        if isinstance(node, ast.ImportFrom) and node.module in ("click", "click.utils", "sys"):
            yield from (alias.name for alias in node.names if alias.name in ("echo", "secho", "stdout", "stderr"))


def test_nothing_prints_in_another_way() -> None:
    found = {
        str(path.relative_to(ROOT)): sorted(set(places))
        for path in sorted((ROOT / "flowctl").rglob("*.py"))
        if (places := list(_prints(path))) and str(path.relative_to(ROOT)) not in PRINTS
    }
    assert found == {}


def test_the_structural_test_sees_each_way(tmp_path: Path) -> None:
    for code in (
        "import sys; sys.stderr.write('x')",
        "print('x')",
        "import click; click.echo('x')",
        "from click import echo",
        "import logging; logging.StreamHandler()",
        "from sys import stdout",
        "from rich.console import Console; Console().print('x')",
        "import sys; out = sys.stdout",
    ):
        module = tmp_path / "module.py"
        module.write_text(code, encoding="utf-8")
        assert list(_prints(module)), code

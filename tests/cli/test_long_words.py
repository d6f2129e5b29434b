"""Whatever a word of the command line is, what a command tells of it is short and harmless."""

from collections.abc import Iterator

import click
import pytest
from surroundings import Workspace

from flowctl.cli.command_table import flowctl
from flowctl.cli.long_words import LONGEST, shortened
from flowctl.model.address import Address
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.result import NoResult, Result
from flowctl.validation.wording import nearest

LONG = "x" * 3000
ODD = "a\x1b[31mb\nc\u202ed\x07" + "z\n" * 900
WORDS = {"long": LONG, "odd": ODD, "dotted": f"{LONG}.flow", "assigned": f"a.flow={LONG}"}
SERVERS = {("emulator", "serve"), ("emulator", "record")}
"""Commands that go on, whatever their other options are."""
ACTIVE = "\x1b\x07\u202e"


def commands(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Each command that has no commands below it, with the words that call it."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from commands(below, (*path, name))
    elif path not in SERVERS:
        yield path, command


def lines(path: tuple[str, ...], command: click.Command, word: str) -> Iterator[tuple[str, ...]]:
    """Command lines with the word in place of each argument, and as the value of each option."""
    arguments = [each for each in command.params if isinstance(each, click.Argument)]
    for place in range(len(arguments) + 1):
        needed = [each for each in arguments[place + 1 :] if each.required]
        yield (*path, *["shop-customers"] * place, word, *["x"] * len(needed))
    needed = [each for each in arguments if each.required]
    for option in command.params:
        if isinstance(option, click.Option) and not option.is_flag and not option.count and option.name != "overrides":
            yield (*path, *["shop-customers"] * len(needed), f"{max(option.opts, key=len)}={word}")
    yield (*path, f"--{word}")


COMMANDS = dict(commands(flowctl))


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_no_message_repeats_a_long_word(
    path: tuple[str, ...], examples: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(examples.root)
    examples.write("flowctl.yaml", "apiVersion: flowctl/v1\nkind: Workspace\n")
    for word in WORDS.values():
        for line in lines(path, COMMANDS[path], word):
            result = examples.run(*line)
            if result.code == 0:
                continue  # A word that is right, such as a new file.
            text = result.out + result.err
            told = [told for told in text.splitlines() if "x" * (LONGEST + 1) in told or "z\\n" * LONGEST in told]
            assert told == [], line[:3]
            assert not set(ACTIVE) & set(text), line[:3]


def test_the_beginning_and_the_end_are_told_in_json_too(examples: Workspace) -> None:
    name = f"begin{LONG}end"
    (problem,) = examples.run("preview", name, "--format", "json").json["diagnostics"]
    assert problem["summary"].startswith('there is no Pipeline named "beginxxx')
    assert problem["summary"].endswith('xxxend"')
    assert len(problem["summary"]) < LONGEST + 40


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_no_member_of_json_repeats_a_long_word(
    path: tuple[str, ...], examples: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(examples.root)
    if not any("--format" in option.opts for option in COMMANDS[path].params):
        return
    for line in lines(path, COMMANDS[path], WORDS["dotted"]):
        result = examples.run(*line, "--format", "json")
        assert result.code == 0 or "x" * (LONGEST + 1) not in result.out, line[:3]


def test_the_address_of_a_problem_is_cut_as_its_message() -> None:
    address = Address(f"{LONG}.flow")
    problem = Diagnostic(code="not-recorded", summary=f"`{address}` is not there", address=address)
    told = shortened(
        Result("state show", NoResult(), diagnostics=(problem,)), ["state", "show", address], str
    ).diagnostics[0]
    assert told.address == f"{'x' * 100}…{'x' * 35}.flow"
    assert told.summary == f"`{told.address}` is not there"
    assert isinstance(told.address, Address)


def test_a_word_is_cut_as_a_whole(examples: Workspace) -> None:
    examples.begin_applied()
    told = examples.run("state", "show", f"{LONG}.flow").err
    assert f"`{'x' * 100}…{'x' * 35}.flow` is not in the lockfile" in told


def test_a_word_of_usual_length_is_told_whole(examples: Workspace) -> None:
    name = "n" * LONGEST
    assert name in examples.run("preview", name).err
    assert f"{name}n" not in examples.run("preview", f"{name}n").err


def test_a_secret_in_a_long_word_is_masked_before_it_is_cut(
    examples: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "S3cr3t-" * 30
    examples.write(
        "connections/own.yaml",
        "apiVersion: flowctl/v1\nkind: Connection\nmetadata: {name: own}\nconnector: postgresql\n"
        "auth: {specName: Basic Authentication, params: {server: a, database: a, username: a, "
        "password: '${env:OWN}'}}\n",
    )
    monkeypatch.setenv("OWN", secret)
    result = examples.run("preview", f"a{secret}{LONG}")
    assert (result.code, "S3cr3t" in result.out + result.err) == (1, False)
    assert '"a(sensitive)xxx' in result.err


def test_a_near_name_is_found_whatever_else_is_asked(examples: Workspace) -> None:
    assert nearest(LONG, ["x", "plan"]) is None
    assert "Did you mean `shop-customers`?" in examples.run("preview", "shop-custmers").err


@pytest.mark.parametrize("length", [128, 129])
def test_a_name_has_at_most_128_characters(length: int, examples: Workspace) -> None:
    examples.begin_applied()
    name = "n" * length
    result = examples.run("state", "mv", "shop-customers", name)
    assert (result.code, "[invalid-name]" in result.err) == (int(length > 128), length > 128)
    assert any(address.startswith("n") for address in examples.lockfile["entries"]) == (length == 128)


def test_an_entry_that_cannot_move_names_the_nearest(examples: Workspace) -> None:
    examples.begin_applied()
    assert "Did you mean `shop-customers`?" in examples.run("state", "mv", "shop-custmers", "other").err


@pytest.mark.parametrize("url", ["", "shop", "ftp://shop", "http://", "http://a b", "http://a:x", "http://a:0", "a\nb"])
def test_an_address_that_is_none_is_refused_at_once(url: str, examples: Workspace) -> None:
    for command in (("emulator", "reset", "--auto-approve"), ("emulator", "compare", "a.ndjson")):
        result = examples.run(*command, "--url", url)
        assert (result.code, "expected `http://HOST:PORT`, found" in result.err) == (1, True)

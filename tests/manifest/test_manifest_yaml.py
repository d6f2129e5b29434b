"""YAML that is unusual or wrong: each has a defined result, with its line and column."""

# ruff: noqa: E501 - tables read better in long lines

import pytest

HEAD = "apiVersion: flowctl/v1\nkind: Schema\nmetadata: {name: s}\nclass: c\n"
LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join(['*' + before] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)

REFUSED = [
    # text of the file, code, line, column, words
    (HEAD + "title: a\ntitle: b\n", "duplicate-key", 6, 1, "first one is at line 5"),
    (HEAD + "title: 고객\ndescription: {고객: 1, 고객: 2}\n", "duplicate-key", 6, 22, "duplicate key `고객`"),
    (HEAD + "title:\n\t- a\n", "tab", 6, 1, "Indent with spaces"),
    (HEAD + "\ttitle: a\n", "tab", 5, 1, "Indent with spaces"),
    (HEAD + "title: {a: b\nclass: d\n", "yaml-syntax", 5, 8, "the mapping that begins here is not closed"),
    (HEAD + "title: a: b\n", "yaml-syntax", 5, 9, "in quotes"),
    (HEAD + 'title: "a\n\n\n', "yaml-syntax", 5, 8, "not closed"),
    (HEAD + "fieldGroups: [a, b\n\n", "yaml-syntax", 5, 14, "Add `]`"),
    (HEAD + "title: *x\n", "yaml-syntax", 5, 8, "&NAME"),
    (HEAD + "title: &a x\ndescription: &a y\n", "yaml-syntax", 6, 14, "two anchors"),
    (HEAD + "title: @x\n", "yaml-syntax", 5, 8, "quotes"),
    (HEAD + 'title: "\\q"\n', "yaml-syntax", 5, 9, "single quotes"),
    (HEAD + "metadata: {name: ${var:x}}\n", "yaml-syntax", 5, 19, "Put the value that has it in quotes"),
    (HEAD + "x: &x {a: 1}\ny:\n  <<: *x\n", "merge-key", 7, 3, "Write the keys here"),
    (LAUGHS, "alias-too-large", 1, 1, "100,000"),
    ("a: &a [*a]\n", "alias-too-large", 1, 1, "contain itself"),
    ("[" * 300_000, "nested-too-deep", 1, 100, "100 levels"),
    ("- " * 300_000, "nested-too-deep", 1, 199, "100 levels"),
    (HEAD + "1: a\n", "key-not-text", 5, 1, "Write it in quotes: `'1'`"),
    (HEAD + "true: a\n", "key-not-text", 5, 1, "Write it in quotes: `'true'`"),
    (HEAD + "? [a]\n: b\n", "key-not-text", 5, 3, "a list or a mapping"),
    (HEAD + "? \n: a", "key-not-text", 5, 2, "before the colon"),
    (HEAD + "title: !foo a\n", "yaml-tag", 5, 8, "the YAML tag `!foo`"),
    (HEAD + "title: !!python/object:os.system a\n", "yaml-tag", 5, 8, "!!python/object:os.system"),
    (HEAD + "!x title: a\n", "yaml-tag", 5, 1, "the YAML tag `!x`"),
    (HEAD + "fieldGroups: !!set [a]\n", "yaml-tag", 5, 14, "the YAML tag `!!set`"),
    (HEAD + "title: .inf\n", "number-not-json", 5, 8, ".inf is not a number"),
    (HEAD + "title: 1e999\n", "number-not-json", 5, 8, "too large"),
    (HEAD + f"title: {'9' * 5000}\n", "number-not-json", 5, 8, "64 bits"),
    (HEAD + f"title: 0x{'f' * 5000}\n", "number-not-json", 5, 8, "64 bits"),
    (HEAD + "title: a\x07b\n", "control-character", 5, 9, "U+0007"),
    ((HEAD + "title: é").encode() + b"\xff\n", "not-utf-8", 5, 9, "0xff"),
    (b"\xef\xbb\xbf" + b"\xff", "not-utf-8", 1, 1, "0xff"),
    ((HEAD + "title: a\n").encode("utf-16"), "not-utf-8", 1, 1, "UTF-16"),
    ((HEAD + "title: a\n").encode("utf-16-be"), "not-utf-8", 1, 1, "UTF-16"),
    (b"x" * 10_000_001, "file-too-large", 1, 1, "10 MB"),
    ("- a\n- b\n", "not-a-manifest", 1, 1, "must be a mapping"),
    ("just text", "not-a-manifest", 1, 1, "must be a mapping"),
    ("null", "not-a-manifest", 1, 1, "must be a mapping"),
    ("services: {web: {}}\n", "not-a-manifest", 1, 1, "Keep other YAML files out"),
    ("# nothing\n---\n...\n", "no-manifests", 1, 1, "has no manifests"),
]


@pytest.mark.parametrize(("text", "code", "line", "column", "words"), REFUSED)
def test_refused_with_its_place(loaded, text, code, line, column, words):
    found = next(problem for problem in loaded({"a.yaml": text}).diagnostics if problem.code == code)
    assert (found.severity, found.span.line, found.span.column) == ("error", line, column)
    assert words in f"{found.summary} {found.detail} {found.hint}"


READ = [
    # what stands after `title:`, what is read
    ("no", "no"),
    ("on", "on"),
    ("yes", "yes"),
    ("Off", "Off"),
    ("2026-12-01", "2026-12-01"),
    ("2026-12-01T00:00:00Z", "2026-12-01T00:00:00Z"),
    ("12:30:45", "12:30:45"),
    ("1_000", "1_000"),
    ("!!str 12", "12"),
    ("'12'", "12"),
    ("=", "="),
    ("0o18", "0o18"),
    ("-", "-"),
    ("고객", "고객"),
    ("${First Name}", "${First Name}"),
    ("$${env:A}", "${env:A}"),
    ("a $${b} ${c}", "a ${b} ${c}"),
]


@pytest.mark.parametrize(("written", "value"), READ)
def test_read_as_text(loaded, written, value):
    manifests = loaded({"a.yaml": f"{HEAD}title: {written}\n"} if written != "-" else {"a.yaml": f"{HEAD}title: '-'\n"})
    assert manifests.diagnostics == ()
    assert manifests.documents[0].content["title"] == value


@pytest.mark.parametrize(
    ("written", "value"),
    [("0o17", 15), ("0x1F", 31), ("+5", 5), ("-0", 0), ("1.5", 1.5), (".5", 0.5), ("1e3", 1000.0), ("TRUE", True), ("~", None)],
)  # fmt: skip
def test_numbers_and_booleans_are_those_of_yaml_1_2(loaded, contract, written, value):
    text = contract.replace("params: {path: Hubspot.Contacts}", f"params: {{path: a, other: {written}}}")
    document = loaded({"a.yaml": text}).documents[3]
    assert document.at("source", "params", "other") == value
    assert type(document.at("source", "params", "other")) is type(value)


def test_leading_zeros_are_named_because_the_number_does_not_keep_them(loaded, contract):
    text = contract.replace("{path: Hubspot.Contacts}", "{path: a, account: 0012}")
    manifests = loaded({"a.yaml": text})
    assert [(d.code, d.severity, d.span.line) for d in manifests.diagnostics] == [("leading-zeros", "warning", 33)]


def test_an_alias_repeats_a_value(loaded):
    text = HEAD + "fieldGroups: &groups [a]\n---\n" + HEAD.replace("name: s", "name: t") + "fieldGroups: &groups [b]\n"
    text += "title: &title Same\ndescription: *title\n"
    manifests = loaded({"a.yaml": text})
    assert manifests.diagnostics == ()
    assert manifests.documents[1].content["description"] == "Same"


def test_an_alias_of_what_it_stands_in_is_told_where_its_key_is_refused(loaded):
    text = HEAD.replace("name: s", "name: s, title: '${env:T}'") + "extra: &a {1: *a}\n"
    manifests = loaded({"a.yaml": text})
    assert "key-not-text" in [d.code for d in manifests.diagnostics]


def test_a_secret_with_an_alias_of_itself_is_told_and_its_tags_are_looked_for(loaded, contract):
    text = contract.replace("{path: Hubspot.Contacts}", "{path: a, account: 0012}")
    for secret in ("password: &p [!x, {1: *p}]", "password: &p {k: !x a, 1: *p}"):
        connection = (
            "apiVersion: flowctl/v1\nkind: Connection\nmetadata: {name: c9}\nconnector: postgresql\n"
            f"auth: {{specName: Basic Authentication, params: {{{secret}, username: 0012}}}}\n"
        )
        codes = {d.code for d in loaded({"a.yaml": text, "b.yaml": connection}).diagnostics}
        assert {"key-not-text", "yaml-tag"} <= codes


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_endings_and_byte_order_mark_do_not_move_places(loaded, ending, mark):
    text = (HEAD + "titel: a\n").replace("\n", ending)
    (found,) = loaded({"a.yaml": mark + text.encode()}).diagnostics
    assert (found.code, found.span.line, found.span.column) == ("unknown-key", 5, 1)


def test_several_documents_and_empty_ones(loaded):
    text = "---\n" + HEAD + "---\n---\n# nothing\n---\n" + HEAD.replace("name: s", "name: t") + "...\n"
    manifests = loaded({"a.yaml": text})
    assert manifests.diagnostics == ()
    assert [document.name for document in manifests.documents] == ["s", "t"]
    assert manifests.documents[1].span("class").line == 13


def test_documents_before_a_syntax_error_are_still_checked(loaded):
    text = HEAD + "titel: a\n---\n" + HEAD + "title: [\n"
    manifests = loaded({"a.yaml": text})
    assert [problem.code for problem in manifests.diagnostics] == ["unknown-key", "yaml-syntax"]


def test_a_file_of_many_values_is_read(loaded):
    groups = "".join(f"  - group-{number}\n" for number in range(50_000))
    assert loaded({"a.yaml": f"{HEAD}fieldGroups:\n{groups}"}).diagnostics == ()


def test_names_of_files_may_be_any_text(loaded):
    (found,) = loaded({"파이프라인/고객 1.yml": HEAD + "titel: a\n"}).diagnostics
    assert found.span.file == "파이프라인/고객 1.yml"

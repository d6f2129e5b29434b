"""A plan as a comment: the answer first, a block for each pipeline, within its limit, and safe whatever it holds."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from plans_to_review import DIGEST, HOSTILE, attribute, change, hostile_plan, large_plan, plan, rich_plan
from surroundings import Platform, Workspace, change_everything

from flowctl.model.address import Address
from flowctl.model.change import Action, AttributeChange, Effect, Note
from flowctl.model.diagnostic import Diagnostic, Severity
from flowctl.model.plan import Drift, DriftedAttribute, IgnoredAttribute
from flowctl.model.resource import Unknown
from flowctl.model.selection import Selection
from flowctl.views.markdown_block import LIMIT
from flowctl.views.plan_markdown import plan_markdown
from flowctl.views.review.schedules import next_runs
from flowctl.views.visible import visible_lines

BLOCK = re.compile(r"<details><summary>(?P<title>.*?)</summary>\n\n(?P<body>.*?)\n\n</details>\n", re.DOTALL)


def blocks(text: str) -> dict[str, str]:
    return {found["title"]: found["body"] for found in BLOCK.finditer(text)}


def block(text: str, name: str) -> str:
    (found,) = [body for title, body in blocks(text).items() if name in title]
    return found


def answer(text: str) -> str:
    return next(line for line in text.splitlines() if not line.startswith("<!--"))


# The first lines.


def test_the_first_line_is_hidden_and_names_environment_and_digest() -> None:
    assert plan_markdown(rich_plan()).splitlines()[0] == f"<!-- flowctl:plan env=dev digest={DIGEST} -->"
    assert "<!--" not in plan_markdown(rich_plan(digest=""))


def test_the_answer_is_one_line() -> None:
    assert answer(plan_markdown(rich_plan(diagnostics=()))) == (
        "**flowctl plan: dev (sandbox dev-sandbox): 2 to create, 2 to update, 2 to replace, 2 to delete, 1 to import, "
        "1 to stop managing; 1 unchanged.** "
        "Replaced: `shop-orders` (source connection, flow). "
        "Deleted: `old-tickets` (flow, dataset). "
        "History is ingested again: `shop-orders`. "
        "Cannot be undone: 2 replacements and 2 deletions, with the data of `old-tickets.dataset`."
    )


def test_a_plan_that_cannot_be_applied_says_so_in_its_answer() -> None:
    assert "This plan cannot be applied: 1 error. " in answer(plan_markdown(rich_plan()))


def test_a_harmless_plan_says_that_it_is() -> None:
    text = answer(plan_markdown(plan(change("p.flow", Action.UPDATE))))
    assert text.endswith(": 1 to update.** Nothing is replaced or deleted. No history is ingested again.")


def test_an_empty_plan_says_so_and_nothing_else() -> None:
    _, text = plan_markdown(plan()).splitlines()[:2]
    assert text == "**flowctl plan: dev (sandbox dev-sandbox): No changes. The manifests describe no resources.**"
    assert "--expect-digest" not in plan_markdown(plan())


def test_many_pipelines_are_named_and_counted() -> None:
    text = answer(plan_markdown(large_plan(700)))
    deleted = ", ".join(f"`pipeline-{number:04}` (flow)" for number in range(0, 500, 100))
    assert f"Deleted: {deleted} and 2 more." in text
    assert "Cannot be undone: 7 replacements and 7 deletions." in text


def test_many_datasets_whose_data_is_deleted_are_counted() -> None:
    note = Note("The data is deleted.", Effect.DELETES_DATA)
    gone = [change(f"p{number}.dataset", Action.DELETE, notes=(note,)) for number in range(7)]
    assert (
        "with the data of `p0.dataset`, `p1.dataset`, `p2.dataset`, `p3.dataset`, `p4.dataset` and 2 more."
        in answer(plan_markdown(plan(*gone)))
    )


def test_long_names_are_cut_in_the_answer() -> None:
    long = "p" * 300
    text = answer(plan_markdown(plan(change(f"{long}.flow", Action.DELETE), approvals=(long,))))
    assert text.count(f"<code>{'p' * 79}…</code>") == 2
    assert "p" * 80 not in text


# Blocks.


def test_what_is_ignored_is_told_apart() -> None:
    block = "<summary>Ignored by <code>lifecycle.ignoreChanges</code>: 1 value</summary>"
    place = "- `partner-files.flow` <code>options.errorDiagnosticsEnabled</code>"
    line = f"{place}: live <code>false</code>, manifest <code>true</code>"
    text = plan_markdown(rich_plan())
    assert text.index(block) < text.index(line) < text.index("old-tickets</code>: 2 to delete")
    assert "Ignored" not in plan_markdown(rich_plan(ignored=()))


def test_each_pipeline_has_a_block_the_most_dangerous_first() -> None:
    text = plan_markdown(rich_plan())
    titles = [title for title in blocks(text) if "outside" not in title and "Ignored" not in title]
    assert titles == [
        "<code>old-tickets</code>: 2 to delete, 1 to stop managing, <b>data is deleted</b>",
        "<code>shop-orders</code>: 2 to replace, <b>history is ingested again</b>",
        "<code>partner-files</code>: 2 to update",
        "<code>crm-contacts</code>: 1 to import",
        "Shared objects: 1 to create",
        "<code>new-leads</code>: 1 to create",
    ]


def test_mappings_are_a_table_by_destination() -> None:
    body = block(plan_markdown(rich_plan()), "partner-files")
    assert (
        "| | destination | before | after |\n|---|---|---|---|\n"
        "| ~ | <code>personalEmail.address</code> | <code>lower(email)</code> | <code>trim(lower(email))</code> |\n"
        "| + | <code>person.name.lastName</code> |  | <code>name</code> |\n"
        "| - | <code>mobilePhone.number</code> | <code>tel</code> |  |\n"
    ) in body
    assert "mappings" not in body


def test_a_schedule_has_its_next_runs() -> None:
    body = block(plan_markdown(rich_plan()), "partner-files")
    assert (
        "Schedule: every 6 hours from 2026-11-25 10:00 UTC, with backfill. Next runs: 2026-11-26 22:00 UTC, "
        "2026-11-27 04:00 UTC, 2026-11-27 10:00 UTC."
    ) in body
    assert '| <code>flow.scheduleParams.frequency</code> | <code>"day"</code> | <code>"hour"</code> |' in body


def test_runs_begin_with_the_start_and_follow_the_plan() -> None:
    daily = {"frequency": "day", "interval": 2, "startTime": 1_000_000}
    runs = ["1970-01-12 13:46 UTC", "1970-01-14 13:46 UTC", "1970-01-16 13:46 UTC"]
    assert next_runs(daily, 0) == next_runs(daily, None) == runs
    assert next_runs(daily, 1_000_000)[:2] == runs[1:]
    assert next_runs(daily, 999_999) == runs
    assert next_runs({"frequency": "once", "startTime": "1000000"}, 0) == runs[:1]
    assert next_runs({"frequency": "once", "startTime": 1_000_000}, 1_000_000) == []


@pytest.mark.parametrize("start", [None, "soon", "nan", 1e400, 1e30, []])
def test_a_schedule_without_a_time_has_no_runs(start: object) -> None:
    assert next_runs({"frequency": "day", "startTime": start}, 0) == []
    assert next_runs({"frequency": "once", "startTime": start}, 0) == []


def test_new_ids_of_new_objects_are_no_values() -> None:
    source = Unknown(Address("p.source_connection"))
    created = change(
        "p.flow",
        Action.CREATE,
        attribute("name", None, "P"),
        attribute("sourceConnectionIds", None, [source]),
        attribute("flowSpec", None, source),
    )
    body = block(plan_markdown(plan(created)), "p")
    assert "flow.name" in body
    assert "known after apply" not in body
    replaced = change("p.flow", Action.REPLACE, attribute("sourceConnectionIds", ["id"], [source]))
    assert "known after apply" in plan_markdown(plan(replaced))


def test_a_change_has_its_place_its_reason_and_its_notes() -> None:
    body = block(plan_markdown(rich_plan()), "shop-orders")
    assert (
        "- <code>-/+</code> `shop-orders.flow` must be replaced (because `shop-orders.source_connection` is replaced), "
        "<code>pipelines/shop-orders.yaml:7</code>"
    ) in body.replace("<code>shop-orders.source&#95;connection</code>", "`shop-orders.source_connection`")
    assert "\n  - ⚠ Backfill: the first run of the new flow reads everything again." in body


def test_labels_are_those_of_the_pipeline() -> None:
    labeled = change("p.flow", Action.UPDATE)
    origin = replace(labeled.origin, labels={"team": "crm", "area": "x"})
    body = block(plan_markdown(plan(replace(labeled, origin=origin))), "p")
    assert body.startswith("Labels: <code>area=x</code>, <code>team=crm</code>\n")


def test_drift_and_problems_stand_apart_from_what_is_asked_for() -> None:
    text = plan_markdown(rich_plan())
    problems = text.index("- **error** <code>pipelines/shop-orders.yaml:9</code> Pipeline shop-orders breaks the rule")
    warning = text.index("- **warning** the flow is disabled. Look. (`live-state`)")
    drift = text.index("<details><summary>Changed outside flowctl since the last apply: 2 objects</summary>")
    assert problems < warning < drift < text.index("<code>old-tickets</code>: 2 to delete")
    assert "- `old-tickets.flow`: not found (deleted, or hidden by access labels)\n" in text


def test_the_end_has_the_digest_and_the_command() -> None:
    sound = {"diagnostics": ()}
    end = plan_markdown(rich_plan(targets=("a b",), allowed_duplicates=frozenset({"x"}), **sound)).splitlines()[-1]
    assert end == (
        f"Digest: `{DIGEST}`. Apply exactly this plan with <code>flowctl -e dev apply --target 'a b' "
        f"--allow-duplicates --auto-approve --expect-digest {DIGEST}</code>."
    )
    for other in (rich_plan(destroys=True, **sound), rich_plan(targets=("a" * 3000,), **sound), rich_plan()):
        assert plan_markdown(other).splitlines()[-1] == f"Digest: `{DIGEST}`."


def test_the_command_selects_as_the_plan_did() -> None:
    selection = Selection(select=("label:team=crm",), exclude=("path:old",))
    text = plan_markdown(rich_plan(selection=selection, diagnostics=()))
    assert "apply --select label:team=crm --exclude path:old --auto-approve" in text


def test_equal_plans_are_equal_texts() -> None:
    assert plan_markdown(rich_plan()) == plan_markdown(rich_plan())


# Limits.


@pytest.mark.parametrize("count", [100, 500, 5000])
@pytest.mark.parametrize("limit", [LIMIT, LIMIT // 2, 20_000])
def test_a_large_plan_fits_and_says_what_is_left_out(count: int, limit: int) -> None:
    text = plan_markdown(large_plan(count), limit)
    assert len(text) <= limit
    whole, short = text.count("<details>"), text.count("(details left out)")
    told = [f"{short} are shown without details"] * (short > 0)
    told += [f"{count - whole - short} are left out"] * (whole + short < count)
    assert (f"of {count} blocks, {' and '.join(told)}." in text) is (whole < count)
    assert DIGEST in text.splitlines()[-1]


def test_replacements_and_deletions_are_the_last_to_go() -> None:
    text = plan_markdown(large_plan(500))
    for number in range(500):
        if number % 100 < 2:
            assert f"<details><summary><code>pipeline-{number:04}</code>" in text
    assert "<code>pipeline-0499</code>: 1 to update (details left out)<br>\n" in text


def test_a_plan_that_fits_has_no_notice() -> None:
    assert "cut" not in plan_markdown(rich_plan())


def test_what_just_fits_is_whole() -> None:
    length = len(plan_markdown(rich_plan()))
    assert plan_markdown(rich_plan(), length) == plan_markdown(rich_plan())
    shorter = plan_markdown(rich_plan(), length - 1)
    assert len(shorter) < length
    assert "1 is shown without details.**" in shorter


def test_a_lot_of_drift_and_of_problems_fits() -> None:
    places = tuple(DriftedAttribute(steps=(f"m{number}",), recorded="a", observed="b" * 200) for number in range(2000))
    found = tuple(
        Diagnostic(code="c", summary=f"problem {number}" * 9, severity=Severity.WARNING) for number in range(2000)
    )
    text = plan_markdown(rich_plan(drift=(Drift(address=Address("p.flow"), attributes=places),), diagnostics=found))
    assert len(text) <= LIMIT
    values, problems = text.count("\n- `p.flow` "), text.count(" (`c`)\n")
    assert f"\n- and {2000 - values} more values\n" in text
    assert f"\n- and {2000 - problems} more problems\n" in text
    assert min(values, problems) > 1


def test_a_lot_of_what_is_ignored_fits() -> None:
    ignored = tuple(
        IgnoredAttribute(address=Address("p.flow"), steps=(f"m{number}",), observed="a", desired="b" * 200)
        for number in range(2000)
    )
    text = plan_markdown(rich_plan(ignored=ignored))
    assert len(text) <= LIMIT
    assert re.search(r"\n- and \d+ more values\n", text)


def test_a_long_address_is_cut_after_two_hundred_characters() -> None:
    address = Address(f"p.descriptor[{'k' * 300}]")
    place = DriftedAttribute(steps=("namespace",), recorded="Email", observed="Phone")
    text = plan_markdown(rich_plan(drift=(Drift(address=address, attributes=(place,)),)))
    assert f"[{'k' * (199 - len('p.descriptor['))}…" in text.replace("&#91;", "[")


@pytest.mark.parametrize("sign", ["x", "|", "`", "<", "\u202e", "\U000e0041", "😀", "\n"])
def test_ten_thousand_signs_fit(sign: str) -> None:
    text = visible_lines(plan_markdown(hostile_plan(sign * 10_000)))
    assert len(text) <= LIMIT


# Safety.


def test_hostile_words_stay_words() -> None:
    text = visible_lines(plan_markdown(hostile_plan()))
    assert text.count("<!--") == 1
    assert text.count("-->") == 1
    assert text.index("-->") < text.index("\n")
    for acting in ("<script", "@user", "##[error]", "\u202e", "\x1b", "\r", "&amp;"):
        assert acting not in text
    assert not any(line.lstrip().startswith("::") for line in text.splitlines())
    assert len(re.findall("<details>", text)) == len(re.findall("</details>", text))
    assert "canary" not in text


@pytest.mark.parametrize(
    "words", [HOSTILE, "`x`", "**x**", "[x](http://e.com)", "![x](y)", "<b>", "</details>", "1. x", "# x", "~~x~~"]
)
def test_a_reader_of_markdown_finds_no_markup_but_ours(words: str) -> None:
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    tokens = reader.parse(visible_lines(plan_markdown(hostile_plan(words))))
    every = [token for block_token in tokens for token in (block_token, *(block_token.children or ()))]
    assert {token.type for token in every} & {
        "link_open",
        "image",
        "s_open",
        "heading_open",
        "em_open",
        "fence",
    } == set()
    html = "".join(token.content for token in every if token.type in ("html_block", "html_inline"))
    assert set(re.findall("<[^>]*>?", html)) <= {
        *("<details>", "</details>", "<summary>", "</summary>", "<code>", "</code>", "<b>", "</b>", "<br>"),
        f"<!-- flowctl:plan env=dev digest={DIGEST} -->",
    }
    assert html.count("<details>") == html.count("</details>") == html.count("<summary>") == 3
    rows = [token for token in tokens if token.type == "tr_open"]
    cells = [token for token in tokens if token.type in ("td_open", "th_open")]
    assert len(cells) == sum(4 if len(rows) and number < 2 else 3 for number in range(len(rows)))


def test_hostile_words_break_no_table() -> None:
    for line in plan_markdown(hostile_plan()).splitlines():
        if line.startswith("|"):
            assert line.count("|") in (4, 5)
            assert line.endswith("|")


@settings(deadline=None)
@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=200))
def test_no_value_breaks_its_row(path: str, before: str, after: str) -> None:
    steps = (path or "x",)
    text = plan_markdown(
        plan(change("p.flow", Action.UPDATE, AttributeChange(steps=steps, before=before, after=after)))
    )
    table = text.partition("| value | before | after |\n|---|---|---|\n")[2].partition("\n\n</details>")[0]
    assert len(table.split("\n")) == 1
    assert table.count("|") == 4


@pytest.mark.parametrize("sign", ["|", "`", "<b>", "**", "[x](y)", "\n\n# ", "</details>", "<!--", "@me", "#1"])
def test_no_sign_acts(sign: str) -> None:
    assert f"a{sign}b" not in plan_markdown(hostile_plan(f"a{sign}b"))


# Through the command line.


def test_the_comment_of_a_saved_plan_is_that_of_the_plan(examples: Workspace, platform: Platform) -> None:
    examples.apply()
    change_everything(examples, platform)
    planned = examples.run("plan", "--format", "markdown", "--out", str(examples.root / "plan.json"))
    shown = examples.run("show", str(examples.root / "plan.json"), "--format", "markdown")
    assert shown.out == planned.out
    digest = examples.plan().json["digest"]
    assert planned.out.startswith(f"<!-- flowctl:plan env=dev digest={digest} -->\n")
    assert "Replaced: `shop-customers`" in planned.out
    assert "Labels: <code>team=shop</code>\n" in planned.out
    assert "canary" not in planned.out


@pytest.mark.parametrize(
    "words", [("plan",), ("-e", "dev", "plan"), ("plan", "-edev"), ("plan", "--environment=dev"), ("plan", "-e", "dev")]
)
def test_why_there_is_no_plan_takes_the_place_of_the_plan(examples: Workspace, words: tuple[str, ...]) -> None:
    examples.edit("pipelines/partner-files.yaml", "dataset: customers", "dataset: custmers")
    examples.edit("flowctl.yaml", "environments:", "environments:\n  other: {}")
    result = examples.run(*words, "--format", "markdown")
    assert result.code == 1
    assert result.out.startswith("<!-- flowctl:plan env=dev -->\n### flowctl failed\n")


@pytest.mark.parametrize("words", ["apply --auto-approve", "show none.json", "plan -C /", "plan -e a-->b"])
def test_other_failures_have_no_hidden_line(examples: Workspace, words: str) -> None:
    examples.edit("pipelines/partner-files.yaml", "dataset: customers", "dataset: custmers")
    result = examples.run(*words.split(), "--format", "markdown")
    assert result.code == 1
    assert "<!--" not in result.out


def test_deleted_data_and_ingested_history_are_in_the_answer(examples: Workspace) -> None:
    examples.edit(
        "pipelines/shopify-orders.yaml",
        "  title: Shopify orders\n",
        "  title: Shopify orders\n  lifecycle: {onDelete: delete}\n",
    )
    examples.apply()
    (examples.root / "pipelines/shopify-orders.yaml").unlink()
    examples.edit("pipelines/shop-customers.yaml", "tableName: public.customers", "tableName: public.clients")
    text = answer(examples.run("plan", "--format", "markdown").out)
    assert "History is ingested again: `shop-customers`." in text
    assert ", with the data of `shopify-orders.dataset`." in text


def test_the_command_of_the_comment_applies_its_plan(examples: Workspace) -> None:
    text = examples.run("plan", "--target", "shop-customers", "--format", "markdown").out
    (command,) = re.findall(r"`flowctl (.*)`\.\n", text)
    assert examples.run(*command.split()).code == 0
    assert examples.plan("--target", "shop-customers").json["changes"] == []


def test_the_command_allows_what_cannot_be_undone_if_the_plan_does() -> None:
    final = change("customer.profile", Action.CREATE, notes=(Note("It stays.", Effect.IRREVERSIBLE),))
    assert "apply --allow-irreversible --auto-approve" in plan_markdown(
        plan(final, allows_irreversible=True, digest=DIGEST)
    )
    assert "--allow-irreversible" not in plan_markdown(plan(allows_irreversible=True, digest=DIGEST))

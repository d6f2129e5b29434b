"""Which columns of the results have words that a narrow terminal wraps, and how a pipe has them."""

import pytest

from flowctl.model.address import Address
from flowctl.model.drafted import DraftedField, DraftedFieldGroup, DraftedPipeline
from flowctl.model.environments_report import ListedEnvironment, ListedEnvironments
from flowctl.model.explanation import Explainable
from flowctl.model.mapping_report import DestinationCount, PreviewedRows
from flowctl.model.record_report import Finding, Orphan, Orphans, Repair
from flowctl.model.result import Listed
from flowctl.views.listed import listed_lines
from flowctl.views.width import UNWRAPPED, Width

WORDS = "one two three four five six seven eight nine ten eleven twelve"
PIPELINE = DraftedPipeline(name="it", file="it.yaml", sure=(), likely=(("mail", "mail.address", WORDS),), unmatched=())
FIELD = DraftedField(group="it", source="mail", path="mail.address", type="string", note=WORDS)
GROUP = DraftedFieldGroup(name="it", file="it.yaml", rows=1, fields=(FIELD,), skipped=())
_LOCAL = ListedEnvironment(
    name="local",
    is_default=True,
    embedded=True,
    endpoint="",
    organization="LOCAL@AdobeOrg",
    sandbox="dev",
    lockfile="it.lock",
    resources=3,
    problems=(WORDS,),
)
LOCAL = ListedEnvironments(environments=(_LOCAL,))
COUNTS = PreviewedRows(
    pipeline="it",
    source="it.csv",
    rows=(),
    read=2,
    written=2,
    rejected=0,
    destinations=(DestinationCount(path="mail", filled=1, empty=0, errors=1, first=(7, WORDS)),),
    unmapped=(),
)
DOCUMENTS = Explainable(resources=(("flow", "dataflow"),), documents=tuple(WORDS.split()), areas=())


def lines(data: Listed, width: Width) -> list[str]:
    return [line.text for line in listed_lines(data, width)]


ORPHAN = Orphan(kind="source_connection", id="5f0e6a2c" * 4, name=WORDS, created_at=0, created_client="client")
ORPHANS = Orphans(orphans=(ORPHAN,))
REPAIR = Repair(findings=(Finding(address=Address("it.schema"), why_not=WORDS),))


@pytest.mark.parametrize(
    ("data", "first", "second"),
    [
        (PIPELINE, "mail    mail.address  as a comment: one two three four five", f"{'':22}six seven eight"),
        (GROUP, "mail    mail.address  string  one two three four five six", f"{'':30}seven eight nine"),
        (LOCAL, "local *  the emulator in  LOCAL@AdobeOrg  dev", f"{'':9}flowctl"),
        (LOCAL, "local: one two three four five six seven eight nine ten", "  eleven twelve"),
        (COUNTS, "mail              1      0       1  7: one two three four", f"{'':36}five six seven"),
        (DOCUMENTS, "  one, two, three, four, five, six, seven, eight, nine, ten,", "  eleven, twelve"),
        (
            ORPHANS,
            f"source_connection  {'5f0e6a2c' * 4}  one two",
            "    three four five six seven eight nine ten eleven",
        ),
        (REPAIR, "  ? it.schema: one two three four five six seven eight nine", "      ten eleven twelve"),
    ],
    ids=[
        "new pipeline",
        "new fieldgroup",
        "env list",
        "env list, problems",
        "preview",
        "explain",
        "state orphans",
        "state repair",
    ],
)
def test_words_are_wrapped_in_a_narrow_terminal(data: Listed, first: str, second: str) -> None:
    shown = lines(data, Width(columns=60, wraps=True))
    place = next(number for number, line in enumerate(shown) if line.startswith(first))
    assert shown[place + 1].startswith(second)
    assert [line for line in lines(data, UNWRAPPED) if line.startswith(second)] == []


def test_an_orphan_without_a_name_has_none() -> None:
    orphan = Orphan(kind="source_connection", id="5f0e6a2c", name=None, created_at=None, created_client=None)
    assert lines(Orphans(orphans=(orphan,)), UNWRAPPED)[0] == "source_connection  5f0e6a2c"


def test_the_counts_of_a_preview_keep_their_columns_in_a_pipe() -> None:
    assert lines(COUNTS, UNWRAPPED)[-2:] == [
        "DESTINATION      FILLED       EMPTY      ERRORS  FIRST BAD ROW",
        f"mail                  1           0           1  7: {WORDS}",
    ]
    none = DestinationCount(path="a.very.long.destination", filled=1_000, empty=0, errors=0)
    without = PreviewedRows(
        pipeline="it", source="", rows=(), read=1, written=1, rejected=0, destinations=(none,), unmapped=()
    )
    assert lines(without, UNWRAPPED)[-2:] == [
        "DESTINATION                  FILLED       EMPTY      ERRORS  FIRST BAD ROW",
        "a.very.long.destination       1,000           0           0",
    ]

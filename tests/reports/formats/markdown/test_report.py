"""``--format markdown``: fits a comment, counts what it leaves out, and nothing in it means more than text."""

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from syrupy.assertion import SnapshotAssertion

from rootsweep.core.controls import find_reference
from rootsweep.core.finding import Finding, GrantedException, Message, Verdict
from rootsweep.core.run import CoverageGap, RejectedInput, Run
from rootsweep.reports.formats.markdown.text import code, prose
from rootsweep.reports.registry import Presentation
from rootsweep.reports.wording import needs_someone, printable
from tests.reports.example_runs import (
    ACTIVE,
    EMPTY,
    EMPTY_2,
    EVERY_KIND,
    EXAMPLES,
    EXCEPTED,
    INACTIVE,
    INCOMPLETE,
    MANY,
    NOW,
    UNREAD_ACCOUNTS,
    finding,
    report,
    run,
)
from tests.reports.shown import OPTIONS, TextFile, shown

GOLDEN = ["every-kind", "excepted", "names", "organization", "unread", "empty"]
MOST_OF_A_COMMENT = 60_000
HOSTILE = [
    "a|b",
    "|",
    "\\|",
    "trailing\\",
    "`code`",
    "``",
    "`",
    "*bold* _it_ ~~x~~",
    "[link](https://evil.example)",
    "![image](https://evil.example/x.png)",
    "<script>alert(1)</script>",
    "</details>",
    "<!-- -->",
    "&lt;b&gt; &#64;team",
    "@team and @org/team",
    "#12 org/repo#12 GH-12 !3",
    "https://evil.example www.evil.example a@evil.example",
    ":tada: $x$",
    "# heading",
    "line\n\n# heading\r\n| a | b |",
    "\u202eright to left",
    "本番環境アカウント",
]
MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
MEANS_SOMETHING = re.compile(r"[@#*\[\]<>~$]|://|www\.|:\w+:")


class MarkdownFile(TextFile):
    file_extension = "md"


def tokens(text: str) -> list[Token]:
    found = MARKDOWN.parse(text)
    return [*found, *(child for token in found for child in token.children or ())]


def cells(text: str) -> list[list[str]]:
    """Give the cells of the rows of every table, as a reader sees them."""
    table: list[list[str]] = []
    for opening, content in zip(found := MARKDOWN.parse(text), found[1:], strict=False):
        if opening.type == "tr_open":
            table.append([])
        elif opening.type in {"td_open", "th_open"}:
            table[-1].append("".join(child.content for child in content.children or ()))
    return table


def accounts_shown(text: str) -> list[str]:
    return [row[0][:12] for row in cells(text) if len(row) == 6 and row[0][:12].isdigit()]


def counted_as_more(text: str) -> Counter[str]:
    """Give the numbers of what is said to be left out, by what it is."""
    found = re.findall(r"and ([\d,]+) more (account|step|change|input)", text)
    return Counter({what: 0 for _, what in found}) + Counter(
        {what: sum(int(number.replace(",", "")) for number, its in found if its == what) for _, what in found}
    )


@pytest.mark.parametrize("name", GOLDEN)
def test_markdown(name: str, snapshot: SnapshotAssertion) -> None:
    assert shown("markdown", EXAMPLES[name]) == snapshot(extension_class=MarkdownFile)


@pytest.mark.parametrize("of", EXAMPLES.values(), ids=EXAMPLES)
def test_the_counts_are_those_of_the_run(of: Run) -> None:
    text = shown("markdown", of)
    counts = {row[0]: int(row[1].replace(",", "")) for row in cells(text) if len(row) == 2 and row[0] != "verdict"}
    summary = of.summary()
    assert counts["all"] == len(of.findings)
    assert counts["NON_COMPLIANT"] == summary.non_compliant
    assert counts["COMPLIANT: proven"] == summary.proven
    assert sum(counts[verdict] for verdict in counts if verdict.split(":")[0] in set(Verdict)) == counts["all"]
    assert counts.get("of these excepted", 0) == summary.excepted


@pytest.mark.parametrize("of", EXAMPLES.values(), ids=EXAMPLES)
def test_every_account_in_trouble_is_a_row_worst_first(of: Run) -> None:
    text = shown("markdown", of)
    assert sorted(accounts_shown(text)) == sorted(one.account.id for one in of.findings if needs_someone(one))
    verdicts = [row[2].split(",")[0] for row in cells(text) if len(row) == 6][1:]
    order = ["NON_COMPLIANT", "INSUFFICIENT_DATA", "COMPLIANT"]
    assert verdicts == sorted(verdicts, key=order.index)


@pytest.mark.parametrize("of", EXAMPLES.values(), ids=EXAMPLES)
def test_each_row_points_to_a_step_that_is_told(of: Run) -> None:
    text = shown("markdown", of)
    told = set(re.findall(r"^(\d+)\. \(", text, re.MULTILINE))
    assert {row[5] for row in cells(text) if len(row) == 6 and row[5] != "next step"} == told


def troubled(number: int, name: str | None = None) -> list[Finding]:
    return [finding(f"{200000000000 + one}", report(ACTIVE, EMPTY_2), name=name) for one in range(number)]


LONG_NAME = "|本番`環境@" * 30


def hostile_everywhere() -> Run:
    """Give a run in which everything is long, manifold and hostile, as a saved run might be."""
    granted = GrantedException(LONG_NAME, LONG_NAME, LONG_NAME, NOW + timedelta(days=9))
    worst = [replace(one, exception=granted, next_step=f"{number} {LONG_NAME}") for number, one in enumerate(troubled(400))]
    of = run(*troubled(3_000, name=LONG_NAME), *worst, rejected=(RejectedInput(LONG_NAME, 3, LONG_NAME),) * 500)
    proven = [
        replace(finding(f"{500000000000 + one}", report(EMPTY, EMPTY_2)), reasons=(Message(f"{LONG_NAME}{one}", ""),))
        for one in range(3_000)
    ]
    unread = [
        replace(
            finding(f"{600000000000 + one}"), next_step=f"{LONG_NAME}{one}", account=replace(finding("1").account, id=str(one))
        )
        for one in range(3_000)
    ]
    gap = tuple(CoverageGap("x", LONG_NAME, (LONG_NAME,) * 9, tuple(map(str, range(one, 3_000, 60)))) for one in range(60))
    scope = replace(of.scope, complete=False, incomplete_because=LONG_NAME * 9)
    return replace(of, findings=(*of.findings, *proven, *unread), coverage_gaps=gap, scope=scope, tool_version=LONG_NAME)


@pytest.mark.parametrize(
    "of",
    [hostile_everywhere(), run(*troubled(20_000, name=LONG_NAME)), run(*troubled(20_000)), MANY],
    ids=["hostile", "long names", "many", "proven"],
)
def test_it_fits_a_comment_and_counts_what_it_leaves_out(of: Run) -> None:
    text = shown("markdown", of)
    assert len(text) <= len(text.encode()) < MOST_OF_A_COMMENT
    in_trouble = sum(map(needs_someone, of.findings))
    rows = [row for row in cells(text) if len(row) == 6][1:]
    left_out = re.search(r"and ([\d,]+) more accounts? \(", text)
    assert len(rows) + (int(left_out[1].replace(",", "")) if left_out else 0) == in_trouble
    assert f"| all | {len(of.findings):,} |" in text


def test_whoever_is_proven_is_listed_as_long_as_there_is_room() -> None:
    text = shown("markdown", MANY)
    proven = [one.account.id for one in MANY.findings if not needs_someone(one)]
    listed = [account_id for account_id in proven if account_id in text]
    assert len(listed) > 100
    assert len(listed) + counted_as_more(text)["account"] == len(proven)


def test_what_is_left_out_of_each_section_is_counted() -> None:
    of = hostile_everywhere()
    text = shown("markdown", of)
    more = counted_as_more(text)
    assert more["input"] + text.count("line 3:") == 500
    steps = {one.next_step for one in of.findings if one.next_step and needs_someone(one) and len(one.account.id) == 12}
    gap = text.partition("### Close the gap")[2]
    told = len(re.findall(r"^\d+\. \(", text, re.MULTILINE))
    told_in_gap = len(re.findall(r"^\d+\. \(", gap, re.MULTILINE))
    assert more["step"] + told - told_in_gap == len(steps)
    assert more["change"] + told_in_gap == len(of.coverage_gaps)


def test_what_is_worst_stays() -> None:
    milder = [finding(f"{100000000000 + one}", report(EMPTY, INACTIVE)) for one in range(5_000)]
    text = shown("markdown", run(*milder, finding("999900001111", report(ACTIVE, EMPTY_2))))
    assert accounts_shown(text)[0] == "999900001111"


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_text_in_one_cell(name: str) -> None:
    of = run(finding("111122223333", report(ACTIVE, EMPTY_2), name=name))
    text = shown("markdown", of)
    assert means_nothing(text)
    (row,) = [row for row in cells(text) if row[0] == "111122223333"]
    assert len(row) == 6
    assert row[1].strip() == printable(name).strip()


@pytest.mark.parametrize("text", HOSTILE)
def test_everything_that_comes_from_outside_is_text(text: str) -> None:
    granted = GrantedException(text, text, text, NOW)
    hostile = replace(finding("111122223333", report(ACTIVE, EMPTY_2)), exception=granted, next_step=f"Do {text}")
    unread = finding("222233334444")
    of = replace(
        run(hostile, unread, rejected=(RejectedInput(text, 2, text),), complete=False),
        coverage_gaps=(CoverageGap(text, text, (text, text), ("222233334444",)),),
        tool_version=text,
    )
    of = replace(of, scope=replace(of.scope, incomplete_because=text))
    assert means_nothing(shown("markdown", of))


def means_nothing(text: str) -> bool:
    """Tell whether, outside of code, there is no markup but ours, and nothing that GitHub or GitLab would act on."""
    found = tokens(text)
    html = {token.content.strip() for token in found if token.type.startswith("html")}
    ours = all(
        re.fullmatch(r"<details><summary>[\w, :]+</summary>|</details>", line) for one in html for line in one.split("\n")
    )
    kinds = {token.type for token in found if token.nesting >= 0 and not token.type.startswith("html")}
    allowed = {
        *("inline", "text", "code_inline", "fence", "heading_open", "paragraph_open", "strong_open", "softbreak"),
        *("table_open", "thead_open", "tbody_open", "tr_open", "th_open", "td_open"),
        *("ordered_list_open", "bullet_list_open", "list_item_open", "text_special"),
    }
    plain = " ".join(token.content for token in found if token.type == "text")
    headings = [token for token in found if token.type == "heading_open"]
    return ours and kinds <= allowed and not MEANS_SOMETHING.search(plain) and {one.tag for one in headings} <= {"h2", "h3"}


@given(st.text(max_size=40))
def test_code_is_shown_as_it_is(text: str) -> None:
    found = cells(f"| x | y |\n|---|---|\n| {code(text)} | end |")
    assert [len(row) for row in found] == [2, 2]
    assert found[1][0].strip() == printable(text).strip()


@given(st.text(st.sampled_from("ab1`|\\*_[]<>&@#:/.,-!\"'() \n$~"), max_size=40))
def test_prose_is_shown_as_it_is_but_for_its_backticks_and_blanks(text: str) -> None:
    found = MARKDOWN.parse(f"| x | y |\n|---|---|\n| It says {prose(text)} | end |")
    children = [child for token in found for child in token.children or ()]
    assert {child.type for child in children} <= {"text", "code_inline", "text_special"}
    said = "".join(child.content for child in children).removeprefix("xyIt says").removesuffix("end")
    assert re.sub(r"[` ]", "", said) == re.sub(r"[` ]", "", printable(text))
    assert not MEANS_SOMETHING.search(" ".join(child.content for child in children if child.type == "text"))


def test_plain_sentences_stay_plain() -> None:
    sentence = "Sign in as root (of 1,234 accounts), open Security credentials, and delete the owner's key; then audit again."
    assert prose(sentence) == sentence
    assert prose("run `aws sts assume-root`, then allow iam:GetUser on *.") == (
        "run `aws sts assume-root`, then allow `iam:GetUser` on `*`."
    )


def test_an_exception_is_told_beside_the_verdict() -> None:
    text = shown("markdown", EXCEPTED)
    assert "**NON_COMPLIANT**, CRITICAL, excepted until 2027-03-24 by `ana.souza@example.com`, `SEC-1204`" in text
    assert "2 are excepted" in text


def test_what_cannot_be_a_row_is_told_at_the_top() -> None:
    top = shown("markdown", EVERY_KIND).partition("###")[0]
    assert "**2 inputs were refused**" in top
    assert "**The scope is incomplete, accounts may be missing**" in shown("markdown", INCOMPLETE).partition("###")[0]
    assert "nothing is proven" in shown("markdown", run())


def test_what_would_open_accounts_is_to_be_copied() -> None:
    text = shown("markdown", UNREAD_ACCOUNTS)
    blocks = ["\n".join(group.how) for group in UNREAD_ACCOUNTS.coverage_gaps if group.how]
    assert [token.content.rstrip("\n") for token in MARKDOWN.parse(text) if token.type == "fence"] == blocks


def test_the_number_of_the_control_is_the_one_that_was_asked_for() -> None:
    reference = find_reference("CIS AWS Foundations 7")
    assert reference is not None
    text = shown("markdown", EVERY_KIND, replace(OPTIONS[0], presentation=Presentation(reference)))
    assert "CIS AWS Foundations 7.0.0, 2.4" in text

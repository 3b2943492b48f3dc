"""The page without a browser: what it holds, what it may do, and that nothing in a run is more than text."""

import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from rootsweep.core.controls import ROOT_ACCESS_KEY
from rootsweep.core.evidence import Evidence, KeyStatus, LastUse, LastUsed, NoLastUse, Unavailable
from rootsweep.core.finding import Finding, KeyRow, Verdict
from rootsweep.core.run import Run
from rootsweep.reports.formats.html.charts import Histogram, key_pictures, verdict_parts
from rootsweep.reports.formats.html.page import bad_news
from rootsweep.reports.formats.html.records import shared_text
from rootsweep.reports.registry import Presentation
from rootsweep.reports.wording import name_key, needs_someone, printable
from tests.reports.example_runs import (
    EMPTY_RUN,
    EVERY_KIND,
    EXAMPLES,
    EXCEPTED,
    INCOMPLETE,
    MANY,
    NAMES,
    NOW,
    ORGANIZATION,
    UNREAD_ACCOUNTS,
    run,
)
from tests.reports.formats.parsed_page import Element, parse_page
from tests.reports.shown import OPTIONS, shown

PAGES = {name: shown("html", example) for name, example in EXAMPLES.items() if name != "many"}


class HtmlFile(SingleFileSnapshotExtension):
    """A golden file that a browser can show."""

    file_extension = "html"
    _write_mode = WriteMode.TEXT


def page(example: Run) -> Element:
    return parse_page(shown("html", example))


def spoken(text: str) -> str:
    return " ".join(printable(text).replace("`", " ").split())


@pytest.mark.parametrize("name", ["every-kind", "excepted", "empty", "organization"])
def test_page(name: str, snapshot: SnapshotAssertion) -> None:
    """The style and the script are left out: they are files already."""
    text = re.sub(r"(?s)(<style>|<script>).*?(</style>|</script>)", r"\1\2", PAGES[name])
    assert re.sub(r"sha256-[^&]+", "sha256-", text) == snapshot(extension_class=HtmlFile)


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_every_account_has_a_row_and_a_record_that_lead_to_each_other(example: Run) -> None:
    shown_page = page(example)
    words = words_of_records(shown_page)
    by_id = {one.attributes.get("id"): one for one in shown_page.elements()}
    rows = {row.elements("th")[0].words(): row for row in rows_of_accounts(shown_page)}
    assert set(rows) == {finding.account.id for finding in example.findings}
    for finding in example.findings:
        row, record = rows[finding.account.id], by_id[f"account-{finding.account.id}"]
        assert f"#account-{finding.account.id}" in [link.attributes["href"] for link in row.elements("a")]
        assert finding.verdict.value in row.words()
        assert finding.verdict.value in words[f"account-{finding.account.id}"]
        if needs_someone(finding):
            assert row is by_id[f"row-{finding.account.id}"]
            assert f"#row-{finding.account.id}" in [link.attributes["href"] for link in record.elements("a")]


def rows_of_accounts(shown_page: Element) -> list[Element]:
    tables = [one for one in shown_page.elements("table") if one.attributes.get("id") == "account-table"]
    return [row for table in tables for body in table.elements("tbody") for row in body.elements("tr")]


def words_of_records(shown_page: Element) -> dict[str, str]:
    """Return what each record tells, by its id: of an account with nothing to do also what its group has in common."""
    words: dict[str, str] = {}
    for group in shown_page.elements("details"):
        if group.attributes.get("class") == "quiet":
            common = [*group.elements("summary"), *group.elements("dl"), *group.elements("thead")]
            in_common = " ".join(one.words() for one in common)
            words |= {str(row.attributes.get("id")): f"{in_common} {row.words()}" for row in group.elements("tr")}
    for one in shown_page.elements():
        its_id = str(one.attributes.get("id", ""))
        if its_id.startswith("account-"):
            words.setdefault(its_id, one.words())
    return words


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_the_keys_of_non_compliant_accounts_stand_first(example: Run) -> None:
    shown_page = page(example)
    found = [finding for finding in example.findings if finding.verdict is Verdict.NON_COMPLIANT]
    if not found:
        assert not [one for one in shown_page.elements("section") if one.attributes.get("id") == "found-keys"]
        return
    sections = [one.attributes.get("id") for one in shown_page.elements("section")]
    assert sections[:2] == ["summary", "found-keys"]
    rows = [row.words() for body in shown_page.with_id("found-keys").elements("tbody") for row in body.elements("tr")]
    assert len(rows) == sum(max(len(finding.keys), 1) for finding in found)
    for finding in found:
        its_rows = [row for row in rows if row.startswith(finding.account.id)]
        for key in finding.keys:
            assert any(spoken(name_key(key)) in row and key.status.value in row for row in its_rows)


def test_the_headline_tells_the_worst_first() -> None:
    active, inactive, unknown = (finding_with(status) for status in KeyStatus)
    clean = EXAMPLES["clean"].findings[0]
    unread = next(one for one in UNREAD_ACCOUNTS.findings if one.verdict is Verdict.INSUFFICIENT_DATA)
    assert bad_news(run(active)) == "1 account has an active root access key"
    assert bad_news(run(inactive, clean)) == "1 account has an inactive root access key"
    assert bad_news(run(unknown, unread)) == "1 account has a root access key"
    assert bad_news(run(active, active, inactive)) == "3 accounts have a root access key, 2 of them active"
    assert bad_news(run(active, active)) == "2 accounts have a root access key, all of them active"
    assert bad_news(run(inactive, inactive)) == "2 accounts have a root access key, none of them active"
    assert bad_news(run(unknown, inactive)) == "2 accounts have a root access key"
    assert bad_news(run(clean, unread)) == "No root access key was found, but 1 account could not be judged"
    assert bad_news(run(clean)) == "No root access key was found"
    assert bad_news(replace(run(clean), scope=INCOMPLETE.scope)) == "No root access key was found, but the scope is incomplete"
    assert bad_news(EMPTY_RUN) == "No account was audited"


def finding_with(status: KeyStatus) -> Finding:
    finding = next(one for one in ORGANIZATION.findings if one.verdict is Verdict.NON_COMPLIANT)
    return replace(finding, keys=(key_row(days=1, used=0, status=status),))


@pytest.mark.parametrize("name", PAGES)
def test_ids_are_unique_and_links_stay_on_the_page(name: str) -> None:
    elements = parse_page(PAGES[name]).elements()
    ids = [one.attributes["id"] for one in elements if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    links = [one.attributes["href"] or "" for one in elements if one.tag == "a"]
    assert [link for link in links if link.removeprefix("#") not in ids] == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_loaded_and_nothing_is_inline(name: str) -> None:
    for element in parse_page(PAGES[name]).elements():
        assert not {"src", "srcset", "action", "style", "data", "poster"} & set(element.attributes)
        assert not [attribute for attribute in element.attributes if attribute.startswith("on")]
        assert str(element.attributes.get("href", "#")).startswith("#") or element.attributes["href"] == "data:,"
    assert "http://" not in PAGES[name]
    assert "https://" not in PAGES[name]
    assert "@import" not in PAGES[name]


@pytest.mark.parametrize("name", PAGES)
def test_the_policy_allows_the_style_and_the_script_of_the_page_alone(name: str) -> None:
    shown_page = parse_page(PAGES[name])
    metas = [one.attributes for one in shown_page.elements("meta")]
    (policy,) = [one["content"] for one in metas if one.get("http-equiv") == "Content-Security-Policy"]
    (style,), (script,) = shown_page.elements("style"), shown_page.elements("script")
    assert policy == (
        f"default-src 'none'; style-src '{source(style)}'; script-src '{source(script)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def source(element: Element) -> str:
    return f"sha256-{b64encode(sha256(element.text().encode()).digest()).decode()}"


def test_style_and_script_hold_nothing_that_ends_them_early_or_is_not_ascii() -> None:
    shown_page = parse_page(PAGES["clean"])
    for tag in ("style", "script"):
        (element,) = shown_page.elements(tag)
        assert element.text().isascii()
        assert "</" not in element.text()


@pytest.mark.parametrize("example", [NAMES, EXCEPTED], ids=["names", "excepted"])
def test_a_hostile_name_is_text(example: Run) -> None:
    shown_page = page(example)
    harmless = page(replace(example, findings=tuple(disarmed(finding) for finding in example.findings)))
    assert [one.tag for one in shown_page.elements()] == [one.tag for one in harmless.elements()]
    for finding in example.findings:
        record = shown_page.with_id(f"account-{finding.account.id}")
        texts = [one.text() for one in record.elements("bdi" if needs_someone(finding) else "td")]
        assert not finding.account.name or printable(finding.account.name) in texts
        assert not finding.exception or printable(finding.exception.reason) in texts


def disarmed(finding: Finding) -> Finding:
    exception = replace(finding.exception, reason="reason") if finding.exception else None
    name = "name" if finding.account.name else finding.account.name
    return replace(finding, account=replace(finding.account, name=name), exception=exception)


@pytest.mark.parametrize("name", ["every-kind", "unread", "organization", "excepted", "names", "incomplete"])
def test_a_record_shows_all_that_its_finding_holds(name: str) -> None:
    all_words = words_of_records(parse_page(PAGES[name]))
    for finding in EXAMPLES[name].findings:
        words = all_words[f"account-{finding.account.id}"]
        texts = texts_of(finding) if needs_someone(finding) else texts_of_quiet(finding)
        assert [text for text in texts if spoken(text) not in words] == []


def texts_of_quiet(finding: Finding) -> Iterator[str]:
    """Return what a record tells in its own row, and shares with its group: there, no text names the account or its time."""
    for text in texts_of(finding):
        shared = text if text == finding.account.id else shared_text(text, finding)
        yield (
            shared.removeprefix("as of ")
            .removeprefix("observed ")
            .removeprefix("an ")
            .removesuffix(" UTC")
            .removesuffix(" time")
        )


def texts_of(finding: Finding) -> Iterator[str]:
    account = finding.account
    yield from (text for text in (account.id, account.name, account.partition, account.state, account.path) if text)
    yield from (finding.verdict.value, finding.severity or "")
    yield f"as of {finding.as_of:%Y-%m-%d %H:%M:%S} UTC" if finding.as_of else "as of an unknown time"
    for message in (*finding.reasons, *finding.warnings):
        yield f"{message.code} {message.message}"
    for row in finding.keys:
        yield from texts_of_key(row)
    yield f"Credential report {finding.procedures.credential_report.value}"
    yield f"Account summary {finding.procedures.account_summary.value}"
    for piece in finding.evidence:
        yield from texts_of_evidence(piece)
    yield finding.next_step or ""
    if finding.exception:
        yield from (finding.exception.owner, finding.exception.reason, finding.exception.ticket or "")
        yield f"until {finding.exception.expires_at:%Y-%m-%d}"
    if account.is_management_account:
        yield "management account"


def texts_of_key(row: KeyRow) -> Iterator[str]:
    yield f"{row.id or f'access key {row.slot}'}: {row.status.value}"
    yield from (f"{time:%Y-%m-%d %H:%M:%S}" for time in (row.created_at, row.last_rotated_at) if time)
    if isinstance(row.last_use, LastUsed):
        yield f"last used {row.last_use.at:%Y-%m-%d %H:%M} UTC"
        yield from (text for text in (row.last_use.region, row.last_use.service) if text)


def texts_of_evidence(piece: Evidence) -> Iterator[str]:
    origin = piece.origin
    yield from (text for text in (origin.api_call, origin.request_id) if text)
    if origin.path:
        yield f"{origin.path}:{origin.line}" if origin.line else origin.path
    if origin.observed_at:
        yield f"observed {origin.observed_at:%Y-%m-%d %H:%M:%S} UTC"
    if isinstance(piece, Unavailable):
        yield f"unavailable, {piece.reason.value}"
        yield from (piece.error_code or "", piece.advice)


def test_an_account_and_what_would_open_it_lead_to_each_other() -> None:
    shown_page = parse_page(PAGES["unread"])
    for number, group in enumerate(UNREAD_ACCOUNTS.coverage_gaps, 1):
        block = shown_page.with_id(f"gap-{number}")
        assert spoken(group.remedy) in block.words()
        assert str(group.code) in block.words()
        links = [link.attributes["href"] for link in block.elements("a")]
        assert links == [f"#account-{account_id}" for account_id in group.accounts]
        for account_id in group.accounts:
            record = shown_page.with_id(f"account-{account_id}")
            assert f"#gap-{number}" in [link.attributes["href"] for link in record.elements("a")]
        if group.how:
            assert shown_page.with_id(f"gap-{number}-lines").text() == "".join(f"{line}\n" for line in group.how)


def test_a_step_that_accounts_share_is_a_group() -> None:
    shown_page = page(MANY)
    block = shown_page.with_id("step-1")
    assert "10 accounts" in block.words()
    assert len(block.elements("li")) == 10


def test_the_front_tells_what_must_not_be_missed() -> None:
    summary = {name: parse_page(text).with_id("summary").words() for name, text in PAGES.items()}
    assert "The scope is incomplete." in summary["incomplete"]
    assert "2 inputs refused." in summary["every-kind"]
    assert "Inactive keys are allowed in 1 account." in summary["every-kind"]
    assert "No account was audited." in summary["empty"]
    assert "1 excepted: someone answers" not in summary["clean"]
    because = replace(INCOMPLETE, scope=replace(INCOMPLETE.scope, incomplete_because="AWS throttled <b>ListAccounts</b>"))
    assert "AWS throttled <b>ListAccounts</b>." in page(because).with_id("summary").words()


def test_refused_inputs_are_listed() -> None:
    words = parse_page(PAGES["every-kind"]).with_id("refused-inputs").words()
    assert "notes.txt this is not evidence; give a report" in words
    assert "cut.csv :4 cut off" in words


@pytest.mark.parametrize("reference", [ROOT_ACCESS_KEY.references[3], ROOT_ACCESS_KEY.references[-1]])
def test_the_reference_that_was_asked_for_is_shown(reference: object) -> None:
    (asked,) = [one for one in ROOT_ACCESS_KEY.references if one is reference]
    options = replace(OPTIONS[0], presentation=Presentation(reference=asked))
    shown_page = parse_page(shown("html", EVERY_KIND, options))
    assert f"{asked.framework} {asked.version}, {asked.requirement}" in shown_page.with_id("summary").words()
    (row,) = [row.words() for row in shown_page.with_id("method").elements("tr") if "shown here" in row.words()]
    assert row.startswith(f"{asked.framework} {asked.version} {asked.requirement} shown here")
    assert row.endswith(asked.source)


def test_the_method_lists_every_reference() -> None:
    words = parse_page(PAGES["clean"]).with_id("method").words()
    for one in ROOT_ACCESS_KEY.references:
        assert f"{one.framework} {one.version}" in words
        assert one.source in words


def key_row(*, days: float | None, used: float | NoLastUse, status: KeyStatus = KeyStatus.ACTIVE) -> KeyRow:
    created_at = None if days is None else NOW - timedelta(days=days)
    last_use: LastUse = used if isinstance(used, NoLastUse) else LastUsed(NOW - timedelta(days=used))
    return KeyRow("AKIAQNZGKIQY56JQ7WML", None, status, created_at, None, last_use)


def histograms(*rows: KeyRow) -> tuple[Histogram, ...]:
    (finding,) = EXAMPLES["clean"].findings
    return key_pictures(run(replace(finding, keys=rows))).histograms


AGES = [
    (0, "under 90 days"),
    (89.9, "under 90 days"),
    (90, "90 days to 1 year"),
    (365, "1 to 3 years"),
    (1095, "3 to 5 years"),
    (1825, "5 years and more"),
    (-1, "under 90 days"),
    (None, "unknown"),
]
USES = [
    (0, "in the last 7 days"),
    (7, "in the last 30 days"),
    (30, "in the last 90 days"),
    (90, "in the last year"),
    (365, "longer ago"),
    (NoLastUse.NEVER_RECORDED, "never recorded"),
    (NoLastUse.UNKNOWN, "unknown"),
]


@pytest.mark.parametrize(("days", "label"), AGES)
def test_a_key_is_counted_by_its_age(days: float | None, label: str) -> None:
    ages, _ = histograms(key_row(days=days, used=0))
    assert [bar.label for bar in ages.bars if bar.keys] == [label]


@pytest.mark.parametrize(("used", "label"), USES)
def test_a_key_is_counted_by_its_last_use(used: float | NoLastUse, label: str) -> None:
    _, uses = histograms(key_row(days=1, used=used))
    assert [bar.label for bar in uses.bars if bar.keys] == [label]


def test_a_bar_is_made_of_statuses() -> None:
    rows = [key_row(days=1, used=0, status=status) for status in (KeyStatus.ACTIVE, KeyStatus.INACTIVE, KeyStatus.INACTIVE)]
    ages, _ = histograms(*rows, key_row(days=100, used=0))
    assert ages.bars[0].text == "1 active, 2 inactive"
    assert [(one.style, one.begin, one.share) for one in ages.bars[0].segments] == [
        ("active", 0.0, 33.333),
        ("inactive", 33.333, 66.667),
    ]
    assert [(one.begin, one.share) for one in ages.bars[1].segments] == [(0.0, 33.333)]


def test_where_there_is_no_key_none_is_drawn() -> None:
    assert key_pictures(EMPTY_RUN).histograms == ()
    assert parse_page(PAGES["clean"]).words().count("No root access key was seen.") == 1


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_the_bar_of_verdicts_is_whole(example: Run) -> None:
    parts = verdict_parts(example)
    assert sum(part.accounts for part in parts) == len(example.findings)
    assert not example.findings or sum(part.share for part in parts) == pytest.approx(100, abs=0.01)


def test_one_account_among_many_is_seen() -> None:
    first, second, *_ = ORGANIZATION.findings
    findings = [first, *(replace(second, account=replace(second.account, id=f"{number:012}")) for number in range(2000))]
    parts = verdict_parts(run(*findings))
    assert min(part.share for part in parts if part.accounts) > 0.9
    assert [part.word for part in parts if part.is_widened] == ["NON_COMPLIANT"]
    assert "drawn wider" in page(run(*findings[:200])).with_id("verdicts-title").words()
    assert "drawn wider" not in parse_page(PAGES["organization"]).with_id("verdicts-title").words()


@pytest.mark.parametrize("name", ["every-kind", "organization"])
def test_the_same_run_is_the_same_page(name: str) -> None:
    assert shown("html", EXAMPLES[name]) == PAGES[name]

"""The page in a real browser, from a file, with no network: it stands alone, can be worked with, and shuts nobody out."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.resources import files
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from rootsweep.core.run import Run
from tests.reports.example_runs import EVERY_KIND, EXCEPTED, MANY, NAMES, ORGANIZATION, UNREAD_ACCOUNTS, run
from tests.reports.shown import shown

DESKTOP, PHONE = (1280, 900), (390, 844)
Write = Callable[[Run], str]


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """Write a run as a page, and give its address."""

    def write(example: Run) -> str:
        path = tmp_path / "report.html"
        path.write_text(shown("html", example), "utf-8")
        return path.as_uri()

    return write


@contextmanager
def context_of(browser: Browser, size: tuple[int, int] = DESKTOP, **options: Any) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, offline=True, **options)
    context.set_default_timeout(20_000)
    yield context
    context.close()


@contextmanager
def opened(browser: Browser, address: str, size: tuple[int, int] = DESKTOP, **options: Any) -> Iterator[Page]:
    with context_of(browser, size, **options) as context:
        page = context.new_page()
        page.goto(address)
        yield page


def shown_ids(page: Page) -> list[str]:
    return page.locator("#account-table tbody:not([hidden]) th").all_text_contents()


@pytest.mark.parametrize("example", [EVERY_KIND, NAMES, EXCEPTED], ids=["every-kind", "names", "excepted"])
def test_it_stands_alone(browser: Browser, written: Write, example: Run) -> None:
    address = written(example)
    requests: list[str] = []
    said: list[str] = []
    with context_of(browser) as context:
        page = context.new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.goto(address)
        expect(page.locator("#account-filters")).to_be_visible()
        assert len(shown_ids(page)) == len(example.findings)
    assert [url for url in requests if not url.startswith("data:")] == [address]
    assert said == []


def test_what_is_not_its_own_is_refused(browser: Browser, tmp_path: Path) -> None:
    """As if a name had been taken for markup: the policy stands behind the escaping."""
    stranger = (
        '<script>window.stranger = "script"</script><img src="x" onerror="window.stranger = 1">'
        '<p id="styled" style="position: fixed">x</p><img src="https://stranger.invalid/x.png">'
        '<iframe src="data:text/html,x"></iframe>'
    )
    path = tmp_path / "report.html"
    path.write_text(shown("html", EVERY_KIND).replace("</main>", f"{stranger}</main>"), "utf-8")
    said: list[str] = []
    with context_of(browser) as context:
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.goto(path.as_uri())
        expect(page.locator("#account-filters")).to_be_visible()
        assert page.evaluate("window.stranger") is None
        assert page.evaluate("getComputedStyle(document.getElementById('styled')).position") == "static"
    refused = [text for text in said if "Content Security Policy" in text]
    assert len(refused) >= 5


@pytest.mark.parametrize(
    ("scheme", "size"),
    [
        pytest.param("light", DESKTOP, id="light-desktop"),
        pytest.param("dark", PHONE, id="dark-phone", marks=pytest.mark.soak),
        pytest.param("light", PHONE, id="light-phone", marks=pytest.mark.soak),
        pytest.param("dark", DESKTOP, id="dark-desktop", marks=pytest.mark.soak),
    ],
)
def test_it_shuts_nobody_out(browser: Browser, written: Write, scheme: str, size: tuple[int, int]) -> None:
    axe = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    everything = replace(UNREAD_ACCOUNTS, findings=(*UNREAD_ACCOUNTS.findings, *other_accounts(EVERY_KIND, EXCEPTED)))
    address = written(replace(everything, rejected_inputs=EVERY_KIND.rejected_inputs))
    with opened(browser, address, size, color_scheme=scheme, bypass_csp=True) as page:
        page.add_style_tag(content="* { content-visibility: visible !important }")
        page.evaluate(axe)
        result = page.evaluate("rules => axe.run(document, { runOnly: rules })", rules)
    assert [(one["id"], one["nodes"][0]["html"]) for one in result["violations"]] == []
    assert [(one["id"], one["nodes"][0]["html"]) for one in result["incomplete"]] == []


def other_accounts(*examples: Run) -> list[Any]:
    findings = [finding for example in examples for finding in example.findings]
    return [
        replace(finding, account=replace(finding.account, id=f"{800000000000 + number}"))
        for number, finding in enumerate(findings)
    ]


@pytest.mark.parametrize("width", [360, 768, 1100])
def test_it_never_needs_scrolling_sideways(browser: Browser, written: Write, width: int) -> None:
    with opened(browser, written(NAMES), (width, 800)) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_accounts_are_narrowed_and_the_address_remembers(browser: Browser, written: Write) -> None:
    with opened(browser, written(EXCEPTED)) as page:
        showing = page.locator("#showing")
        page.get_by_role("combobox", name="Verdict").select_option("NON_COMPLIANT")
        expect(showing).to_have_text("Showing 2 of 3 accounts")
        page.get_by_role("combobox", name="Excepted").select_option("no")
        expect(showing).to_have_text("Showing 0 of 3 accounts")
        expect(page.locator("#nothing")).to_be_visible()
        page.get_by_role("combobox", name="Excepted").select_option("yes")
        page.get_by_role("combobox", name="Severity").select_option("HIGH")
        assert shown_ids(page) == ["333344445555"]
        assert page.url.endswith("#accounts?verdict=NON_COMPLIANT&severity=HIGH&excepted=yes")
        page.reload()
        assert shown_ids(page) == ["333344445555"]
        page.get_by_role("button", name="Reset").click()
        expect(showing).to_have_text("Showing 3 of 3 accounts")
        page.get_by_role("combobox", name="Reason").select_option("no_root_key")
        assert shown_ids(page) == ["444455556666"]
        page.locator(".counts .excepted a").click()
        expect(showing).to_have_text("Showing 2 of 3 accounts")


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ("22223333444", ["222233334444"]),
        ("PAYments", ["222233334444"]),
        ("akiaqnzgkiqy56jq7wmn", ["222233334444"]),
        ("nothing like it", []),
    ],
)
def test_an_account_is_found_by_id_name_and_key(browser: Browser, written: Write, sought: str, found: list[str]) -> None:
    with opened(browser, written(ORGANIZATION)) as page:
        page.get_by_role("searchbox").fill(sought)
        assert shown_ids(page) == found
        page.get_by_role("searchbox").press("Escape")
        assert len(shown_ids(page)) == len(ORGANIZATION.findings)


def test_any_column_sorts(browser: Browser, written: Write) -> None:
    with opened(browser, written(EVERY_KIND)) as page:
        worst_first = shown_ids(page)
        for heading in page.locator("#account-table thead th").all():
            heading.get_by_role("button").click()
            expect(heading).to_have_attribute("aria-sort", "ascending")
            ascending = shown_ids(page)
            heading.get_by_role("button").press("Enter")
            expect(heading).to_have_attribute("aria-sort", "descending")
            assert sorted(shown_ids(page)) == sorted(ascending) == sorted(worst_first)
            assert page.locator("[aria-sort]").count() == 1
        page.locator("thead").get_by_role("button", name="Account").click()
        assert shown_ids(page) == sorted(worst_first)
        page.locator("thead").get_by_role("button", name="Account").click()
        assert shown_ids(page) == sorted(worst_first, reverse=True)
        page.reload()
        assert shown_ids(page) == sorted(worst_first, reverse=True)


def test_the_keyboard_reaches_everything(browser: Browser, written: Write) -> None:
    with opened(browser, written(UNREAD_ACCOUNTS)) as page:
        page.keyboard.press("Tab")
        skip = page.get_by_role("link", name="Skip to the summary")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport()
        outline = "getComputedStyle(document.activeElement).outlineStyle"
        assert page.evaluate(outline) == "solid"
        reached = set()
        for _ in range(40):
            page.keyboard.press("Tab")
            assert page.evaluate(outline) == "solid"
            reached.add(page.evaluate("document.activeElement.textContent"))
        assert {"Copy", "All 21 accounts", "Close the gap"} <= reached


def test_a_row_leads_to_its_record_and_back(browser: Browser, written: Write) -> None:
    with opened(browser, written(MANY)) as page:
        page.get_by_role("searchbox").fill("100000000407")
        page.locator("#account-table").get_by_role("link", name="100000000407").click()
        expect(page.locator("#account-100000000407")).to_be_in_viewport()
        page.go_back()
        expect(page.locator("#account-table").get_by_role("link", name="100000000407")).to_be_in_viewport()
        page.get_by_role("searchbox").fill("100000000400")
        page.locator("#row-100000000400 a").click()
        expect(page.locator("#account-100000000400")).to_be_in_viewport()
        page.locator("#account-100000000400 .back").click()
        expect(page.locator("#row-100000000400")).to_be_in_viewport()
        page.locator("#account-100000000050 .back").click()
        expect(page.locator("#row-100000000050")).to_be_in_viewport()
        expect(page.locator("#showing")).to_have_text("Showing 500 of 500 accounts")


def test_lines_are_copied(browser: Browser, written: Write) -> None:
    with opened(browser, written(UNREAD_ACCOUNTS)) as page:
        button = page.locator("#gap-1").get_by_role("button")
        button.click()
        expect(button).to_have_text("Copied")
        search = page.get_by_role("searchbox")
        search.focus()
        page.keyboard.press("Control+V")
        assert search.input_value().split() == " ".join(UNREAD_ACCOUNTS.coverage_gaps[0].how).split()


def test_without_its_script_it_is_whole(browser: Browser, written: Write) -> None:
    with opened(browser, written(UNREAD_ACCOUNTS), java_script_enabled=False) as page:
        expect(page.locator("#account-table tbody th").first).to_be_visible()
        assert len(shown_ids(page)) == len(UNREAD_ACCOUNTS.findings)
        assert page.locator("#account-filters").is_hidden()
        assert page.get_by_role("button").count() == 0
        page.locator("#gap-1 summary").click()
        expect(page.locator("#gap-1 li").first).to_be_visible()


def test_every_account_is_printed(browser: Browser, written: Write) -> None:
    with opened(browser, written(EVERY_KIND), color_scheme="dark") as page:
        page.get_by_role("searchbox").fill("clean")
        assert len(shown_ids(page)) == 1
        page.emulate_media(media="print")
        rows = page.locator("#account-table tbody tr")
        assert [row.is_visible() for row in rows.all()] == [True] * len(EVERY_KIND.findings)
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        for chrome in ("nav", "#account-filters", "#showing", ".skip"):
            assert page.locator(chrome).is_hidden()
        assert page.locator("button:visible").count() == 0
        assert page.locator("#account-222233334444").is_visible()
        assert page.locator("#account-111122223333").is_hidden()
        for paper in ("A4", "Letter"):
            assert page.pdf(format=paper).startswith(b"%PDF-")


def test_ten_thousand_accounts_are_shown(browser: Browser, written: Write) -> None:
    findings = [
        replace(finding, account=replace(finding.account, id=f"{200000000000 + number}", name=f"workload-{number}"))
        for number, finding in enumerate(islice(cycle(MANY.findings), 10_000))
    ]
    with opened(browser, written(run(*findings))) as page:
        assert page.locator("#account-table tbody tr").count() == 10_000
        assert page.locator("[id^=account-1], [id^=account-2]").count() == 10_000
        page.get_by_role("searchbox").fill("workload-9999")
        expect(page.locator("#showing")).to_have_text("Showing 1 of 10,000 accounts")
        page.get_by_role("searchbox").fill("")
        page.locator("thead").get_by_role("button", name="Name").click()
        expect(page.locator("#showing")).to_have_text("Showing 10,000 of 10,000 accounts")

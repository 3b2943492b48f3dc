"""To which account evidence belongs: what its document names, or else the id in the name nearest to it."""

import pytest

from rootsweep.auditing.sources.files.account_pairing import account_filed_under, account_in_document, account_of_path
from rootsweep.errors import InputRefusedError

SUMMARY = "this account summary"

ONE = "111122223333"
TWO = "444455556666"
TIME = "202609111315"
UUID = f"9c3e4f10-2b7a-4d55-8f21-{ONE}"
NOT_NAMED = "does not name its account$"


@pytest.mark.parametrize(
    ("path", "account_ids", "expected"),
    [
        (f"{ONE}.json", [], ONE),
        (f"audit/{ONE}/summary.json", [], ONE),
        (f"audit/{ONE}/{ONE}-summary.json", [], ONE),
        (f"prod-{ONE}_summary.json", [TWO], ONE),
        (f"arn_aws_iam__{ONE}_root-summary.json", [], ONE),
        (f"{ONE}-2026-09-11.json", [], ONE),
        (f"{ONE}/{TWO}.json", [ONE], TWO),
        (f"{ONE}/{TWO}/summary.json", [], TWO),
        (f"{ONE}/{TWO}/{ONE}-{ONE}.json", [], ONE),
        (f"{TWO}/../{ONE}/summary.json", [], ONE),
        ("1111-2222-3333.json", [], ONE),
        ("1111-2222-3333-summary.json", [], ONE),
        (f"1111-2222-3333_{ONE}.json", [], ONE),
        (f"{TIME}/{ONE}.json", [], ONE),
        (f"{ONE}-{TIME}.json", [], ONE),
        (f"{ONE}/summary-{TIME}.json", [], ONE),
        (f"summary-{TIME}.json", [TIME], TIME),
        (f"summary-{TIME}.json", [TIME, ONE], TIME),
        (f"summary-{TIME}.json", [ONE], ONE),
        (f"{UUID}.json", [TWO], TWO),
        ("summary.json", [TWO], TWO),
        ("summary.json", [TWO, TWO], TWO),
        (f"{ONE}0/summary-2026.json", [TWO], TWO),
        ("-", [TWO], TWO),
    ],
)
def test_the_nearest_name_tells_or_else_the_only_account_asked_for(path: str, account_ids: list[str], expected: str) -> None:
    assert account_of_path(path, account_ids, SUMMARY) == expected


@pytest.mark.parametrize(
    ("path", "account_ids", "message"),
    [
        ("summary.json", [], NOT_NAMED),
        ("summary.json", [ONE, TWO], NOT_NAMED),
        ("-", [], NOT_NAMED),
        (f"{ONE}-{TWO}.json", [], f"names several \\({ONE}, {TWO}\\)"),
        (f"{ONE}-{TWO}.json", [ONE], f"names several \\({ONE}, {TWO}\\)"),
        (f"{ONE}-{TIME}.json", [TIME], f"names several \\({ONE}, {TIME}\\)"),
        (f"1111-2222-3333_{TWO}/summary.json", [], f"names several \\({ONE}, {TWO}\\)"),
        (f"account{ONE}.json", [], NOT_NAMED),
        (f"{ONE}b.json", [], NOT_NAMED),
        (f"\u0434{ONE}.json", [], NOT_NAMED),
        (f"{ONE}\u0663.json", [], NOT_NAMED),
        ("\u0661" * 12 + ".json", [], NOT_NAMED),
        (f"{UUID}.json", [], NOT_NAMED),
        (f"{UUID.upper().replace('-', '_')}-summary.json", [], NOT_NAMED),
        ("12345678-1234-1234-1234-123412341234.json", [], NOT_NAMED),
        ("1111-2222-3333-4444.json", [], NOT_NAMED),
        ("card-2026-1111-2222-3333.json", [], NOT_NAMED),
        ("1111-2222-3333-deadbeef.json", [], NOT_NAMED),
        (f"iam-summary_{TIME}.json", [], f"{TIME} in its path can be a date and time"),
        (f"{TIME}/summary.json", [ONE, TWO], f"{TIME} in its path can be a date and time"),
        ("2026-0911-1315.json", [], "can be a date and time"),
        ("110920261315.json", [], "can be a date and time"),
        ("091120261315.json", [], "can be a date and time"),
    ],
)
def test_what_is_not_clear_is_refused(path: str, account_ids: list[str], message: str) -> None:
    with pytest.raises(InputRefusedError, match=message):
        account_of_path(path, account_ids, SUMMARY)


@pytest.mark.parametrize(
    "number", ["202613111315", "202609321315", "202609112415", "202609111360", "199909111315", "210009111315"]
)
def test_a_number_that_is_no_date_and_time_is_an_account(number: str) -> None:
    assert account_of_path(f"{number}.json", [], SUMMARY) == number


def test_evidence_that_names_its_account_may_lie_under_unclear_names() -> None:
    assert account_filed_under(f"{ONE}-{TWO}.csv", []) == (None, None)
    assert account_filed_under(f"{TWO}.csv", []) == (TWO, None)
    assert account_filed_under(f"evidence/{ONE}/2026/report-{TIME}.csv", []) == (ONE, f"evidence/{ONE}")


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({}, None),
        ({"Account": ONE}, ONE),
        ({"AccountId": f" {ONE} "}, ONE),
        ({"account_id": "1111-2222-3333"}, ONE),
        ({"Account": int(ONE)}, ONE),
        ({"Account": ONE, "account_id": ONE, "AccountName": "production"}, ONE),
        ({"Account": "production"}, None),
        ({"Account": None}, None),
        ({"Account": {"Id": ONE}}, None),
        ({"AccountAccessKeysPresent": 0, "Users": 444455556666}, None),
    ],
)
def test_a_document_names_its_account(document: dict[str, object], expected: str | None) -> None:
    assert account_in_document(document) == expected


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"Account": ONE, "AccountId": TWO}, "names several accounts"),
        ({"Account": "11112222333"}, "does not have 12 digits"),
        ({"Account": 1234}, "does not have 12 digits"),
    ],
)
def test_a_document_that_names_its_account_unclearly_is_refused(document: dict[str, object], message: str) -> None:
    with pytest.raises(InputRefusedError, match=message):
        account_in_document(document)

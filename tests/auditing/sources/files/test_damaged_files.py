"""Damage of any kind never raises, and never makes a report that shows a key into one that does not."""

from collections.abc import Callable
from typing import Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.auditing.sources.files.saved_files import (
    ACTIVE,
    INACTIVE,
    Refused,
    Report,
    Summary,
    answer,
    encoded,
    lines,
    outcome,
    read,
    report,
    root,
    user,
)

KEYED: Final = (report(root(**ACTIVE), user("alice")), report(root(**INACTIVE), user("alice")))
SPELLINGS: Final[dict[str, Callable[[str], bytes]]] = {
    "UTF-8": str.encode,
    "UTF-8 with a byte order mark": lambda text: text.encode("utf-8-sig"),
    "UTF-16": lambda text: text.encode("utf-16"),
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "semicolons": lambda text: text.replace(",", ";").encode(),
    "JSON": lambda text: answer(text).encode(),
    "base64": lambda text: encoded(text).encode(),
}


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)
@pytest.mark.parametrize("text", KEYED, ids=["active", "inactive"])
def test_cutting_a_keyed_report_short_never_hides_the_key(text: str, spell: Callable[[str], bytes]) -> None:
    data = spell(text)
    for length in range(len(data)):
        [result] = map(outcome, read(data[:length]))
        assert isinstance(result, Refused) or (isinstance(result, Report) and result.slots != "NO_KEY NO_KEY")


@settings(max_examples=300)
@given(st.binary(max_size=300))
def test_random_bytes_never_raise(data: bytes) -> None:
    [result] = map(outcome, read(data))
    assert isinstance(result, Refused)


PIECES: Final = st.sampled_from(
    [
        "user,arn",
        "<root_account>",
        "arn:aws:iam::111122223333:root",
        '"',
        ",",
        ";",
        "\t",
        "\n",
        "\r",
        "{",
        "[",
        '"Content":',
        '"SummaryMap":',
        '"AccountAccessKeysPresent": 0',
        "}",
        "true",
        "false",
        "N/A",
        "dXNlcixhcm4",
        "\x00",
        "\ufeff",
        "sep=;",
        "é",
    ]
)


@settings(max_examples=500)
@given(st.lists(PIECES, max_size=30), st.sampled_from(["utf-8", "utf-16", "latin-1"]))
def test_pieces_of_evidence_in_any_order_never_raise(pieces: list[str], encoding: str) -> None:
    [result] = map(outcome, read("".join(pieces).encode(encoding, "replace")))
    assert isinstance(result, Refused | Report | Summary)


CHANGES: Final = st.lists(
    st.tuples(st.sampled_from(["delete", "insert", "replace"]), st.integers(0, 10_000), st.integers(0, 255)),
    min_size=1,
    max_size=4,
)


@example(KEYED[0], lambda text: text.encode("utf-16"), [("delete", 5756, 0), ("delete", 2945, 0)])
@settings(max_examples=500)
@given(st.sampled_from(KEYED), st.sampled_from(list(SPELLINGS.values())), CHANGES)
def test_changing_a_few_bytes_never_hides_the_key(
    text: str, spell: Callable[[str], bytes], changes: list[tuple[str, int, int]]
) -> None:
    data = bytearray(spell(text))
    for kind, position, byte in changes:
        at = position % len(data)
        data[at : at + (kind != "insert")] = b"" if kind == "delete" else bytes([byte])
    [result] = map(outcome, read(bytes(data)))
    assert isinstance(result, Refused) or (isinstance(result, Report) and result.slots != "NO_KEY NO_KEY")


@given(st.sampled_from(KEYED), st.data())
def test_removing_and_moving_columns_never_hides_the_key(text: str, data: st.DataObject) -> None:
    table = [fields.split(",") for fields in text.splitlines()]
    kept = data.draw(st.lists(st.sampled_from(range(len(table[0]))), unique=True))
    [result] = map(outcome, read(lines([[fields[position] for position in kept] for fields in table])))
    assert isinstance(result, Refused) or (isinstance(result, Report) and result.slots != "NO_KEY NO_KEY")

"""Access key ids in any text: every one, once, wherever the bytes are cut, and nothing else."""

import json
import tracemalloc
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootsweep.core.parsing.access_key_id import find_access_key_ids
from tests.key_ids import key_id_of

FIRST = key_id_of("111122223333", 1)
SECOND = key_id_of("222233334444", 2)
SESSION = key_id_of("333344445555", 3, "ASIA")
OLD = "AKIAIOSFODNN7EXAMPLE"


def found(text: str | bytes) -> list[str]:
    return list(find_access_key_ids([text.encode() if isinstance(text, str) else text]))


def test_each_once_in_the_order_of_first_appearance() -> None:
    assert found(f"{SECOND} {FIRST}\n{SECOND},{SESSION};{OLD}\t{FIRST}") == [SECOND, FIRST, SESSION, OLD]


ESCAPES = ["\\n", "\\t", "\\\\n", "\\u003d", "\\x3d", "%3D", "%22", "\x1b[31m", "\x1b[1;38;5;221m", "\\u001b[0m", "\\x1b[0m"]
AROUND = ["", " ", '"', "'", "`", "=", ":", "/", "_", "-", ".", ",", "<", "&", "\0", "\u00e9", "\u4e2d", "@", "+", "\r\n"]


@pytest.mark.parametrize("before", [*AROUND, *ESCAPES, *(f"key{escape}" for escape in ESCAPES)])
def test_whatever_stands_around_an_id(before: str) -> None:
    for after in (*AROUND, "\\n", "%0A", "\x1b[0m"):
        assert found(f"{before}{FIRST}{after}") == [FIRST], after


@pytest.mark.parametrize(
    "text",
    [
        "",
        "AKIA",
        FIRST[:-1],
        f"{FIRST}A",
        f"{FIRST}z",
        f"{FIRST}0",
        f"A{FIRST}",
        f"z{FIRST}",
        f"9{FIRST}",
        f"nn{FIRST}",
        f"[31m{FIRST}",
        f"u003d{FIRST}",
        FIRST.lower(),
        FIRST.replace("AKIA", "AIDA"),
        f"{FIRST[:-1]}1",
        f"{FIRST[:10]} {FIRST[10:]}",
    ],
)
def test_what_is_no_id_of_its_own(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_the_encodings_that_shells_write(encoding: str) -> None:
    assert found(f"Clé={FIRST}\r\n{SESSION}".encode(encoding)) == [FIRST, SESSION]


def test_what_a_secret_scanner_prints() -> None:
    gitleaks = json.dumps([{"Match": f"id = {FIRST}", "Line": f"[default]\nid\t=\t{SECOND}\n"}])
    assert found(f"{gitleaks}{quote(f'key={SESSION}', safe='')}") == [FIRST, SECOND, SESSION]


PIECES = st.sampled_from(
    [FIRST, SECOND, SESSION, OLD, "AKIA", "A", "ASIAASIA", " ", "=", "\\n", "\x1b[31m", "x", "%3D", FIRST[:9]]
)


@given(st.lists(PIECES, max_size=40), st.lists(st.integers(1, 30), min_size=1, max_size=60))
def test_where_the_text_is_cut_changes_nothing(pieces: list[str], cuts: list[int]) -> None:
    text = "".join(pieces).encode()

    def chunks() -> Iterator[bytes]:
        start = 0
        for length in cuts:
            yield text[start : start + length]
            start += length
        yield text[start:]

    whole = found(text)
    assert list(find_access_key_ids(chunks())) == whole
    assert list(find_access_key_ids(bytes([byte]) for byte in text)) == whole


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_cut_into_single_bytes(encoding: str) -> None:
    text = f"\ufeff{FIRST}\n{SECOND}".encode(encoding)
    assert list(find_access_key_ids(bytes([byte]) for byte in text)) == [FIRST, SECOND]


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_arbitrary_bytes_around_an_id_hide_nothing(before: bytes, after: bytes) -> None:
    # A byte order mark makes the whole text UTF-16, and a half character would swallow the newline.
    start = before.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    assert FIRST in found(b" " + start + b"\n" + FIRST.encode() + b"\n" + after)


def test_memory_does_not_grow_with_the_text() -> None:
    chunk = b"no id in here AKIAA\n" * 3276
    tracemalloc.start()
    assert list(find_access_key_ids(chunk for _ in range(300))) == []
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10 * len(chunk)

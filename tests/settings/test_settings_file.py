"""rootsweep.toml is found upwards, and every error names the file, the line and the key."""

import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootsweep.core.evidence import KeyStatus
from rootsweep.errors import UsageError
from rootsweep.settings.appending import add_exception
from rootsweep.settings.exceptions import ExceptionTable, exception_rules
from rootsweep.settings.file import dotted, find_settings, line_of, parse_settings, read_settings

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
PATH = Path("rootsweep.toml")
WHOLE = """\
[audit]
organization = true

[[exceptions]]
account = "111122223333"
key_id = "AKIARTX3GSDS3Q5JDMT5"
status = "inactive"
owner = "ana@example.com"
reason = "The appliance knows no roles."
ticket = "SEC-1204"
expires = 2027-03-01
"""


def table(key_id: str | None, last_rotated: datetime | None = None, owner: str = "o", reason: str = "r") -> ExceptionTable:
    return ExceptionTable(
        account="029608264753",
        key_id=key_id,
        last_rotated=last_rotated,
        status="active",
        owner=owner,
        reason=reason,
        ticket="t",
        expires=date(2027, 1, 1),
    )


def test_the_nearest_file_above_is_found(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    found = find_settings(deep)
    assert found is None or tmp_path not in found.parents
    (tmp_path / "rootsweep.toml").write_text("")
    assert find_settings(deep) == tmp_path / "rootsweep.toml"
    (deep / "rootsweep.toml").write_text("")
    assert find_settings(deep) == deep / "rootsweep.toml"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"a = ", "is not TOML: Invalid value"),
        (b"[a]\nb = 1\nb = 2\n", "is not TOML: Cannot overwrite a value"),
        (b"a = \xff", "is not text in UTF-8"),
        (b"a = " + b"[" * 100_000, "is not TOML"),
    ],
)
def test_what_is_not_toml_is_told(tmp_path: Path, content: bytes, problem: str) -> None:
    path = tmp_path / "rootsweep.toml"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=problem):
        read_settings(path)


def test_a_byte_order_mark_is_no_error_and_a_missing_file_is_one(tmp_path: Path) -> None:
    path = tmp_path / "rootsweep.toml"
    path.write_text(WHOLE, encoding="utf-8-sig")
    assert read_settings(path).tables["audit"] == {"organization": True}
    with pytest.raises(UsageError, match="No such file"):
        read_settings(tmp_path / "other.toml")


def test_an_exception_is_read() -> None:
    (rule,) = exception_rules(parse_settings(PATH, WHOLE), NOW)
    assert (rule.account_id, rule.key_id, rule.status) == ("111122223333", "AKIARTX3GSDS3Q5JDMT5", KeyStatus.INACTIVE)
    assert rule.granted.expires_at == datetime(2027, 3, 1, 23, 59, 59, tzinfo=UTC)
    dated = WHOLE.replace('key_id = "AKIARTX3GSDS3Q5JDMT5"', "last_rotated = 2021-05-17T16:03:27+02:00")
    assert exception_rules(parse_settings(PATH, dated), NOW)[0].last_rotated_at == datetime(2021, 5, 17, 14, 3, 27, tzinfo=UTC)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('owner = "ana@example.com"\n', "", "rootsweep.toml:4: exceptions[1]: Object missing required field `owner`"),
        ('"inactive"', '"gone"', "rootsweep.toml:7: exceptions[1].status: Invalid enum value 'gone'"),
        ("2027-03-01", "2027-11-26", "rootsweep.toml:11: exceptions[1].expires: an exception may last at most one year"),
        ("2027-03-01", '"soon"', "rootsweep.toml:11: exceptions[1].expires: Invalid RFC3339 encoded date"),
        ("2027-03-01", "2027-03-01T00:00:00Z", "rootsweep.toml:11: exceptions[1].expires: Expected `date`, got `datetime`"),
        ('"SEC-1204"', '" "', "rootsweep.toml:10: exceptions[1].ticket: Expected `str` matching"),
        ('"111122223333"', "111122223333", "rootsweep.toml:5: exceptions[1].account: Expected `str`, got `int`"),
        ('key_id = "AKIARTX3GSDS3Q5JDMT5"\n', "", "rootsweep.toml:5: exceptions[1].account: an exception needs the key_id"),
        (
            "key_id",
            "last_rotated = 2021-05-17T14:03:27\nkey_id",
            "rootsweep.toml:6: exceptions[1].last_rotated: the time",
        ),
        (
            '"111122223333"',
            '"444455556666"',
            "rootsweep.toml:6: exceptions[1].key_id: this key belongs to account 111122223333, not to account 444455556666",
        ),
        ("ticket", 'colour = "red"\nticket', "rootsweep.toml:10: exceptions[1].colour: Object contains unknown field `colour`"),
        ("[[exceptions]]", "[exceptions]", "rootsweep.toml:4: exceptions: Expected `array`, got `object`"),
    ],
)
def test_an_exception_that_is_not_whole_is_refused(old: str, new: str, sentence: str) -> None:
    assert old in WHOLE
    with pytest.raises(UsageError) as caught:
        exception_rules(parse_settings(PATH, WHOLE.replace(old, new, 1)), NOW)
    assert sentence in str(caught.value)


@pytest.mark.parametrize("again", ['key_id = "AKIARTX3GSDS3Q5JDMT5"', "last_rotated = 2021-05-17T14:03:27Z"])
def test_a_key_has_one_exception(again: str) -> None:
    first = WHOLE.replace("status", "last_rotated = 2021-05-17T14:03:27Z\nstatus")
    second = WHOLE[WHOLE.index("[[") :].replace('key_id = "AKIARTX3GSDS3Q5JDMT5"', again)
    with pytest.raises(UsageError, match=r"rootsweep.toml:15: exceptions\[2\]: another exception names the same key"):
        exception_rules(parse_settings(PATH, f"{first}\n# again\n{second}"), NOW)


def test_what_is_added_leaves_the_rest_as_it_was() -> None:
    text = "# ours\n[audit]\norganization = true  # all of it"
    changed = add_exception(parse_settings(PATH, text), table("AKIAQNZGKIQY56JQ7WMM"), NOW)
    assert changed.text.startswith(f"{text}\n\n[[exceptions]]\naccount = ")
    more = add_exception(changed, table(None, datetime(2021, 5, 17, tzinfo=UTC)), NOW)
    assert len(exception_rules(more, NOW)) == 2
    with pytest.raises(UsageError, match="another exception names the same key"):
        add_exception(more, table("AKIAQNZGKIQY56JQ7WMM"), NOW)


@given(st.text(), st.text())
def test_whatever_is_added_is_read_back(owner: str, reason: str) -> None:
    added = table("AKIAQNZGKIQY56JQ7WMM", owner=f"o{owner}", reason=f"r{reason}")
    (rule,) = exception_rules(add_exception(parse_settings(PATH, ""), added, NOW), NOW)
    assert (rule.granted.owner, rule.granted.reason) == (f"o{owner}", f"r{reason}")


def test_lines_are_found() -> None:
    text = '[a]\nb = 1\n"c d" = 2\n\n[[e]] # x\nf = 1\n[[e]]\n  f = 2\n[a.g]\nh = """\ni = 3\n"""\n'
    tomllib.loads(text)
    ways = {("a",): 1, ("a", "b"): 2, ("a", "c d"): 3, ("e", 0): 5, ("e", 0, "f"): 6, ("e", 1): 7, ("e", 1, "f"): 8}
    for keys, line in (ways | {("a", "g", "h"): 10, ("a", "b", "x"): 2, ("none",): None}).items():
        assert line_of(text, keys) == line, dotted(keys)

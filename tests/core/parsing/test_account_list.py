import csv
import io
import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rootsweep.core.parsing.account_list import parse_account_id, read_account_ids, read_given_ids
from rootsweep.errors import InputRefusedError

A, B, C = "111122223333", "444455556666", "012345678901"

IDS = st.lists(st.integers(0, 10**12 - 1).map("{:012d}".format), min_size=1, max_size=12, unique=True)
NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=12)


def table(ids: list[str], *, header: list[str], delimiter: str = ",", quoting: int = csv.QUOTE_MINIMAL) -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow(header)
    position = next(number for number, name in enumerate(header) if "id" in name.casefold() and "name" not in name.casefold())
    for account_id in ids:
        row = [f'{name} of {B}, "old"' for name in header]
        row[position] = account_id
        writer.writerow(row)
    return text.getvalue()


SHAPES: dict[str, Callable[[list[str]], str]] = {
    "a line each": "\n".join,
    "between tabs, as the AWS CLI writes them": "\t".join,
    "between blanks": " ".join,
    "between commas": ", ".join,
    "between semicolons": ";".join,
    "in one pair of brackets": lambda ids: f"[{', '.join(ids)},]",
    "quoted, with a comma each": lambda ids: "".join(f'"{one}",\r\n' for one in ids),
    "in a list of Terraform": lambda ids: "[\n" + "".join(f'  "{one}", # {B}\n' for one in ids) + "]\n",
    "in a list of YAML": lambda ids: "".join(f"- '{one}'\n" for one in ids),
    "with the console's dashes": lambda ids: "\n".join(f"{one[:4]}-{one[4:8]}-{one[8:]}" for one in ids),
    "with comments": lambda ids: "# accounts\n\n" + "".join(f"{one}  # was {B}\n" for one in ids),
    "with names": lambda ids: "".join(f'{one},"copy of {B}, old"\n' for one in ids),
    "with names after tabs": lambda ids: "".join(f"{one}\tcopy of {B}\n" for one in ids),
    "below a header": lambda ids: "Account ID\n" + "\n".join(ids),
    "the console's export": lambda ids: table(ids, header=["Account ID", "ARN", "Email", "Name", "Status"]),
    "PowerShell's export": lambda ids: (
        "#TYPE Amazon.Organizations.Model.Account\r\n"
        + table(ids, header=["Arn", "Email", "Id", "Name"], quoting=csv.QUOTE_ALL)
    ),
    "a spreadsheet's semicolons": lambda ids: "sep=;\n" + table(ids, header=["Name", "account_id"], delimiter=";"),
    "the AWS CLI's JSON": lambda ids: json.dumps({"Accounts": [{"Id": one, "Name": B, "Arn": f"arn:{B}"} for one in ids]}),
    "a JSON array": json.dumps,
    "JSON arrays with names": lambda ids: json.dumps([["dev", one] for one in ids]),
    "rootsweep's JSON": lambda ids: json.dumps({"schema": "x", "accounts": [{"account_id": one, "keys": []} for one in ids]}),
    "rootsweep's JSON lines": lambda ids: (
        "\n".join(json.dumps({"type": "account", "account_id": one}) for one in ids) + '\n{"type": "run", "scope": {}}\n'
    ),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
@settings(max_examples=20)
@given(ids=IDS)
def test_every_id_of_a_list_is_read(shape: Callable[[list[str]], str], ids: list[str]) -> None:
    assert read_account_ids(shape(ids)) == tuple(ids)


@settings(max_examples=50)
@given(ids=IDS, names=st.lists(NAMES, min_size=12, max_size=12))
def test_a_name_is_no_account(ids: list[str], names: list[str]) -> None:
    rows = io.StringIO()
    writer = csv.writer(rows)
    for account_id, name in zip(ids, names, strict=False):
        writer.writerow([account_id, f"n {name}"])
    assert read_account_ids(rows.getvalue()) == tuple(ids)


@given(text=st.text())
def test_whatever_is_read_is_ids_and_whatever_is_not_is_refused(text: str) -> None:
    try:
        found = read_account_ids(text)
    except InputRefusedError:
        return
    assert found
    assert all(parse_account_id(one) == one for one in found)


@settings(max_examples=50)
@given(ids=IDS, other=st.text(st.characters(categories=["L"]), min_size=1, max_size=9))
def test_a_line_that_is_no_id_is_refused_with_its_number(ids: list[str], other: str) -> None:
    with pytest.raises(InputRefusedError) as refused:
        read_account_ids("\n".join([*ids, f"x{other}"]))
    assert refused.value.line == len(ids) + 1


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("prod\t111122223333\n", 1, id="a name before the id"),
        pytest.param(f"{A}\n{A} {B} prod\n", 2, id="two ids and a name"),
        pytest.param(f"{A},{B},prod\n", 1, id="two fields of ids and a name"),
        pytest.param(f"{A},prod,{B},dev\n", 1, id="two ids, each with a name"),
        pytest.param(f"{A} prod {B}\n", 1, id="an id after a name"),
        pytest.param(f"{A}, {B} prod\n", 1, id="an id and a name in one field"),
        pytest.param(f"{A},prod\n{B},{C}\n", 2, id="two ids where other lines have names"),
        pytest.param(f"{B},{C}\n{A},prod\n", 1, id="two ids before lines with names"),
        pytest.param(f"{A},12345678901\n", 1, id="a leading zero dropped beside an id"),
        pytest.param(f"{A} 12345678901\n", 1, id="a leading zero dropped after a space"),
        pytest.param(f"Id,Name\n{A},x,{B}\n", 2, id="more fields than columns"),
        pytest.param(f'Id,Name\n{A},"x\n{B},y"\n', 2, id="a quote that takes in the next row"),
        pytest.param(f"Id,Id\n{A},{B}\n", 1, id="two columns of one name"),
        pytest.param(f"{A}\n12345678901\n", 2, id="a leading zero dropped"),
        pytest.param("Id,Name\n12345678901,prod\n", 2, id="a leading zero dropped in a table"),
        pytest.param(f"Account ID,Name\n{A},a\n,b\n", 3, id="a row without an id"),
        pytest.param(f'Account ID,Name\n{A},"a\nb"\nx,c\n', 4, id="a row after one of two lines"),
        pytest.param(f"{A}\n{B}9\n", 2, id="13 digits"),
        pytest.param(f"ACCOUNTS\tarn:aws:organizations::{A}:account/o-x/{B}\t{B}\n", 1, id="text output with all columns"),
    ],
)
def test_what_is_not_understood_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(InputRefusedError) as refused:
        read_account_ids(text)
    assert refused.value.line == line


@pytest.mark.parametrize("number", ["12345678901", "1.11122E+11", "1,11122E+11", "123456789"])
def test_a_number_that_lost_digits_says_so(number: str) -> None:
    with pytest.raises(InputRefusedError, match="leading zeros"):
        read_account_ids(number)


@pytest.mark.parametrize(
    "document",
    [
        pytest.param({"Accounts": [{"Id": A}], "NextToken": "t"}, id="cut off"),
        pytest.param([12345678901], id="a number that lost its zero"),
        pytest.param([{"Name": "prod"}], id="an entry without an id"),
        pytest.param([[A, B, "prod"]], id="an entry with two ids"),
        pytest.param([A, None], id="null"),
        pytest.param([A, [[B]]], id="nested"),
        pytest.param({"Accounts": []}, id="no account"),
        pytest.param([], id="nothing"),
        pytest.param({}, id="an empty object"),
    ],
)
def test_json_that_names_no_complete_list_is_refused(document: object) -> None:
    with pytest.raises(InputRefusedError):
        read_account_ids(json.dumps(document))


@pytest.mark.parametrize("text", ["", "\n \n", "# nothing\n", "[\n]\n", "Account ID\n", "Account ID,Name\n", "[" * 100_000])
def test_a_list_that_names_nobody_is_refused(text: str) -> None:
    with pytest.raises(InputRefusedError):
        read_account_ids(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f'["{A}",\n"{B}",\n', id="an array without an end"),
        pytest.param(f'{{"Accounts": [{{"Id": "{A}"}},\n', id="an answer without an end"),
        pytest.param(f'{{"Accounts": [{{"Id": "{A}", "Id": "{B}"}}]}}', id="an entry with two ids of one name"),
        pytest.param(f'{{"Accounts": [{{"Id": "{A}"}}], "Accounts": [{{"Id": "{B}"}}]}}', id="two lists of one name"),
    ],
)
def test_json_that_would_lose_an_account_is_refused(text: str) -> None:
    with pytest.raises(InputRefusedError):
        read_account_ids(text)


def test_an_id_that_comes_twice_is_one_account() -> None:
    assert read_account_ids(f"{A}\n{C} # {B}\n{A}\n") == (A, C)


@pytest.mark.parametrize(
    ("text", "ids"),
    [(A, (A,)), (f"{A},{C}", (A, C)), (f" {A} , {B},", (A, B)), ("accounts.txt", None), (f"{A},prod", None), ("", None)],
)
def test_the_value_of_an_option(text: str, ids: tuple[str, ...] | None) -> None:
    assert read_given_ids(text) == ids

"""Which accounts a list names: as text, CSV or JSON, by complete 12-digit ids.

A list is an order, so nothing in it is skipped: what is neither an account id nor stands beside one is refused with its line. A
list that is cut off would leave accounts out without a word, and is refused too. Read are lines of ids, ``id,name`` and
``id # comment``; tables whose header names the column, such as the export of the Organizations console ("Account ID"),
PowerShell's ``Export-Csv`` ("Id") and rootsweep's own CSV ("account_id"); and JSON: an array of ids, the answer of
``aws organizations list-accounts`` ("Accounts[].Id"), and rootsweep's own reports ("accounts[].account_id").
"""

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rootsweep.errors import InputRefusedError

_ACCOUNT_ID: Final = re.compile(r"(\d{4})-?(\d{4})-?(\d{4})", re.ASCII)
_SEPARATORS: Final = re.compile(r"[\s,;|\"'`\[\](){}\ufeff\u200b]+")
_COMMENT: Final = re.compile(r"(?:^|(?<=[\s,;\"']))(?:#|//)")
_BULLET: Final = re.compile(r"[-*•]\s+")
_DELIMITERS: Final = (",", ";", "\t", "|")
_SHORTENED: Final = re.compile(r"\d{9,11}(?:\.0)?|\d(?:[.,]\d+)?E\+\d+", re.ASCII | re.IGNORECASE)
_ID_COLUMNS: Final = ("accountid", "awsaccountid", "accountnumber", "accountids", "account", "accounts", "id", "ids")
"""Names of the column that holds the id, without case, blanks and punctuation; the first of them that a header has counts."""

_LISTS: Final = ("Accounts", "accounts")
_BEFORE_HEADER: Final = re.compile(r"#TYPE\b|\"?sep=", re.IGNORECASE)
_ONE_A_LINE: Final = "write one 12-digit account id on each line"


def parse_account_id(text: str) -> str | None:
    """Return the 12 digits of an account id, which may have the console's dashes (``1111-2222-3333``); None for other text."""
    digits = _ACCOUNT_ID.fullmatch(text.strip())
    return None if digits is None else "".join(digits.groups())


def read_account_ids(text: str) -> tuple[str, ...]:
    """Return the ids that a list names, each once, in the order of the list.

    Raises ``InputRefusedError``, with the line where there is one, for a list that names none, for what is neither an id nor
    stands beside one, and for a list that says that it is not complete.
    """
    document = _json_of(text)
    found = tuple(dict.fromkeys(_ids_of_lines(text) if document is None else _ids_of_json(document)))
    if not found:
        raise InputRefusedError("this list names no account", _ONE_A_LINE)
    return found


def read_given_ids(text: str) -> tuple[str, ...] | None:
    """Return the ids of an option's value, one or several between commas; None for any other text."""
    ids = [parse_account_id(part) for part in text.split(",") if part.strip()]
    known = tuple(one for one in ids if one is not None)
    return known if known and len(known) == len(ids) else None


def _ids_of_lines(text: str) -> Iterator[str]:
    lines = text.splitlines()
    named_at = several_at = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip() or _BEFORE_HEADER.match(line.lstrip()):
            continue
        column = _id_column(line, number)
        if column is None:
            ids, has_name = _ids_of_line(line, number)
            yield from ids
            named_at = number if has_name else named_at
            several_at = number if len(ids) > 1 else several_at
            if named_at and several_at:
                raise _unclear(f"(line {named_at} gives an id with its name)", several_at)
            continue
        delimiter, position = column
        if delimiter is not None:
            yield from _ids_of_column(lines, number, delimiter, position)
            return


def _ids_of_line(line: str, number: int) -> tuple[tuple[str, ...], bool]:
    """Return the ids of a line that holds ids alone, or the one id that a line begins with; and whether a name follows it."""
    text = _BULLET.sub("", line.strip(), count=1)
    alone = _words(_COMMENT.split(text, maxsplit=1)[0])
    ids = tuple(one for word in alone if (one := parse_account_id(word)) is not None)
    if len(ids) == len(alone):
        return ids, False
    ways = [_fields(text, delimiter) for delimiter in _DELIMITERS if delimiter in text]
    fields = next((fields for fields in (*ways, alone) if parse_account_id(fields[0])), [text])
    account_id = parse_account_id(fields[0])
    if account_id is None:
        raise _no_id(alone[0] if len(alone) == 1 else text, number)
    shortened = next((field for field in fields[1:] if _SHORTENED.fullmatch(field)), None)
    if shortened is not None:
        raise _no_id(shortened, number)
    if _names_another(fields[1:], account_id):
        raise _unclear("and other text", number)
    return (account_id,), True


def _names_another(fields: Sequence[str], account_id: str) -> bool:
    """Report whether a field is, or begins with, another id: it may be an order, which no one would hear was not followed."""
    starts = (parse_account_id(words[0]) for field in fields if (words := _words(field)))
    return any(start not in {None, account_id} for start in starts)


def _unclear(beside: str, line: int) -> InputRefusedError:
    return InputRefusedError(
        f"this line holds several account ids {beside}, so that it is not clear which it names",
        "keep one id and its name on each line, or ids alone",
        line,
    )


def _id_column(line: str, number: int) -> tuple[str | None, int] | None:
    """Find the delimiter, None for a single column, and the column of the ids in a header; None for any other line."""
    if any(parse_account_id(word) for word in _words(line)):
        return None
    for delimiter in _DELIMITERS:
        names = [_plain(field) for field in _fields(line, delimiter)]
        known = [name for name in _ID_COLUMNS if name in names]
        if known and names.count(known[0]) > 1:
            raise InputRefusedError("two columns of this header have the same name", "keep one column of account ids", number)
        if known:
            return (delimiter if len(names) > 1 else None), names.index(known[0])
    return None


def _ids_of_column(lines: Sequence[str], header: int, delimiter: str, position: int) -> Iterator[str]:
    width = len(_fields(lines[header - 1], delimiter))
    rows = csv.reader(lines[header:], delimiter=delimiter, strict=True, skipinitialspace=True)
    begin = header + 1
    try:
        for row in rows:
            if any(field.strip() for field in row):
                field = row[position] if position < len(row) else ""
                account_id = parse_account_id(field)
                if account_id is None:
                    raise _no_id(field, begin)
                # A quote that is not closed takes the rows below into a name.
                below = [word for line in lines[begin : header + rows.line_num] for word in _words(line)]
                if _names_another([*row[width:], *below], account_id):
                    raise InputRefusedError("this row holds more account ids than the header has columns", _ONE_A_LINE, begin)
                yield account_id
            begin = header + rows.line_num + 1
    except csv.Error as error:
        raise InputRefusedError("the quoting of this line is broken", "save the list again", begin) from error


def _fields(line: str, delimiter: str) -> list[str]:
    """Split a line at a delimiter into fields that hold something, or one that is empty."""
    try:
        fields = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        fields = line.split(delimiter)
    return [field.strip() for field in fields] or [""]


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name).casefold()


def _words(text: str) -> list[str]:
    return [word for word in _SEPARATORS.split(text) if word]


def _no_id(text: str, line: int | None) -> InputRefusedError:
    if _SHORTENED.fullmatch(text.strip()):
        problem = f"{text.strip()} is a number and no account id: a spreadsheet or a program dropped its leading zeros"
        return InputRefusedError(problem, "write all 12 digits, in quotes where the file is CSV or JSON", line)
    return InputRefusedError("this is not an account id", _ONE_A_LINE, line)


def _json_of(text: str) -> Any:
    """Parse JSON, or JSON lines; None for text that is neither."""
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        return json.loads(text, object_pairs_hook=_members)
    except RecursionError as error:
        raise InputRefusedError("this JSON is nested too deeply to be a list of accounts", _ONE_A_LINE) from error
    except ValueError:
        pass
    try:
        return [json.loads(line, object_pairs_hook=_members) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        pass
    if text.count("[") > text.count("]"):
        raise InputRefusedError("this list is cut off: it has no end", "save it again")
    return None


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise InputRefusedError("this JSON has two members of one name", "save the list again")
    return members


def _ids_of_json(document: Any) -> Iterator[str]:
    if isinstance(document, Mapping):
        if document.get("NextToken") or document.get("nextToken"):
            raise InputRefusedError(
                "this list of accounts is cut off: it holds a NextToken", "save it again without --max-items and --no-paginate"
            )
        listed = next((document[name] for name in _LISTS if isinstance(document.get(name), list)), [document])
    else:
        listed = document if isinstance(document, list) else [document]
    for number, entry in enumerate(listed, start=1):
        # The last line of rootsweep's JSON lines sums up the accounts of the others.
        if not (isinstance(entry, Mapping) and entry.get("type") == "run"):
            yield from _ids_of_entry(entry, number)


def _ids_of_entry(entry: Any, number: int) -> Iterator[str]:
    """Return the id of one entry: a text, an object with the id by its name, or an array of texts of which one is an id."""
    match entry:
        case str() | int():
            candidates = [entry]
        case Mapping():
            names = {_plain(str(name)): value for name, value in entry.items()}
            candidates = [names[name] for name in _ID_COLUMNS if name in names][:1]
        case list():
            candidates = [one for one in entry if isinstance(one, str) and parse_account_id(one)]
        case _:
            candidates = []
    text = str(candidates[0]) if len(candidates) == 1 else ""
    account_id = parse_account_id(text)
    if account_id is None:
        problem = _no_id(text, None)
        raise InputRefusedError(f"entry {number} of this list does not name one account: {problem}", problem.advice)
    yield account_id

"""Pages of a list, and the tokens between them."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from rootsweep.emulator.errors import ServiceError
from rootsweep.emulator.operations.call import Call

Item = TypeVar("Item")


def page_of(
    call: Call, items: Sequence[Item], *, most: int, member: str = "NextToken", empty_every: int = 0
) -> tuple[Sequence[Item], str | None]:
    """Cut the page that a call asks for, and give the token of the next; None after the last.

    With ``empty_every`` n, each n-th page is preceded by one without items that has a token all the same.

    Raises:
        ServiceError: the token is none that was given out for this operation.
    """
    start, told, _ = _read(call, member)
    if empty_every and not told and start // most % empty_every == empty_every - 1:
        return [], _token(call, start, told=True)
    end = start + most
    return items[start:end], _token(call, end, told=False) if end < len(items) else None


def same_page_again(call: Call, member: str, cycle: int) -> str:
    """Give a token that leads to the page that a call asked for once more; after ``cycle`` such tokens the first comes again.

    Raises:
        ServiceError: the call's own token is none that was given out for this operation.
    """
    start, told, turn = _read(call, member)
    return _token(call, start, told=told, turn=turn % cycle + 1)


def _token(call: Call, start: int, *, told: bool, turn: int = 0) -> str:
    return base64.b64encode(f"{call.operation}:{start}:{int(told)}:{turn}".encode()).decode()


def _read(call: Call, member: str) -> tuple[int, bool, int]:
    token = call.parameters.get(member)
    if token is None:
        return 0, False, 0
    try:
        operation, start, told, turn = base64.b64decode(token, validate=True).decode().split(":")
        position, turns = int(start), int(turn)
    except (binascii.Error, ValueError):
        operation, position, told, turns = "", 0, "", 0
    if operation != call.operation:
        raise _invalid(call.service, member)
    return position, told == "1", turns


def _invalid(service: str, member: str) -> ServiceError:
    if service == "organizations":
        return ServiceError("InvalidInputException", "You specified an invalid value for NextToken.")
    if service == "cloudtrail":
        return ServiceError("InvalidNextTokenException", "The token is invalid.")
    return ServiceError("ValidationError", f"Invalid {member}.")

"""One call of an operation, as its handler sees it; and the pages of a list, with the tokens between them."""

import base64
import binascii
import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from rootsweep_emulator.access.callers import Caller
from rootsweep_emulator.errors import ServiceError
from rootsweep_emulator.state.account import Account
from rootsweep_emulator.state.world import World

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """A call that was authenticated and validated.

    Attributes:
        now: the server's time in epoch seconds.
        region: the Region of the credential scope.
        host: the host that was asked for.
    """

    world: World
    service: str
    operation: str
    caller: Caller
    parameters: dict[str, Any]
    now: float
    region: str
    host: str = ""

    @property
    def account(self) -> Account:
        """Return the account that the call is made in."""
        return self.caller.account

    @property
    def action(self) -> str:
        """Return the action that permits the call, such as ``iam:GetUser``."""
        return f"{self.service}:{self.operation}"


@dataclass(frozen=True, slots=True)
class Operation:
    """How an operation is answered.

    Attributes:
        handle: does it and gives the answer's members; raises ServiceError.
        resource: names the resource as AWS's denials do; None for an operation that needs no permission.
        about: gives the id of the account that the call is about.
    """

    handle: Callable[[Call], Answer]
    resource: Callable[[Call], str] | None
    about: Callable[[Call], str] = lambda call: call.account.id


def any_resource(call: Call) -> str:  # noqa: ARG001  every operation's resource is asked for in the same way
    """Name the resource of an operation that has none of its own."""
    return "*"


@functools.lru_cache(maxsize=4096)
def moment(at: float) -> datetime:
    """Turn epoch seconds into a time without fractions, as IAM and STS give them."""
    return datetime.fromtimestamp(int(at), UTC)


Item = TypeVar("Item")


def page_of(
    call: Call, items: Sequence[Item], *, most: int, member: str = "NextToken", empty_every: int = 0
) -> tuple[Sequence[Item], str | None]:
    """Cut the page that a call asks for, and give the token of the next; None after the last.

    With ``empty_every`` n, each n-th page is preceded by one without items that has a token anyway.

    Raises:
        ServiceError: the token is none that was given out for this operation.
    """
    start, told, _ = _read(call, member)
    if empty_every and not told and start // most % empty_every == empty_every - 1:
        return [], _token(call, start, told=True)
    end = start + most
    return items[start:end], _token(call, end, told=False) if end < len(items) else None


def same_page_again(call: Call, member: str, cycle: int) -> str:
    """Return a token that leads to the page that a call asked for once more; after ``cycle`` such tokens the first comes again.

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

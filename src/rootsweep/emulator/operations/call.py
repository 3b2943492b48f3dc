"""One call of an operation, as its handler sees it."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rootsweep.emulator.access.callers import Caller
from rootsweep.emulator.state.account import Account
from rootsweep.emulator.state.world import World

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
        """Give the account that the call is made in."""
        return self.caller.account

    @property
    def action(self) -> str:
        """Give the action that permits the call, such as ``iam:GetUser``."""
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

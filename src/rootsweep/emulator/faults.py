"""What can go wrong on purpose: rules that match calls, and what they do to them."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import assert_never

from rootsweep.emulator.errors import ServiceError


@dataclass(frozen=True, slots=True)
class Latency:
    """The answer is held back for ``seconds``; the server acts at once."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Throttle:
    """A token bucket of ``burst`` tokens that fills with ``rate`` tokens a second; a call without a token is refused.

    There is a bucket for each calling account and operation; ``shared`` makes it one for each calling account, as the 600
    requests a second of STS are (IAM User Guide, "IAM and AWS STS quotas").
    """

    rate: float
    burst: int
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Refuse:
    """The call is answered with this error and nothing is done. ``status`` None takes the code's own."""

    code: str
    message: str | None = None
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Reset:
    """The connection is reset: before the server acts, or after it has acted and the reply is lost."""

    acted: bool = False


@dataclass(frozen=True, slots=True)
class DenyAccess:
    """The call is denied in AWS's words: no identity-based policy allows it, or a service control policy denies it."""

    by_service_control_policy: bool = False


@dataclass(frozen=True, slots=True)
class Omit:
    """The answer lacks a member: the names lead to it, such as ``("SummaryMap", "AccountAccessKeysPresent")``."""

    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """Something happens in the world just before the server acts, such as the suspension of an account."""

    action: Callable[[], None]


Effect = Latency | Throttle | Refuse | Reset | DenyAccess | Omit | Change


@dataclass(frozen=True, slots=True)
class Rule:
    """Which calls an effect meets. None matches all.

    Attributes:
        service: ``iam``, ``sts``, ``organizations`` and so on, as it signs its calls; EventBridge is ``events``.
        operation: the operation's name, such as ``ListAccounts``.
        account: the id of the account that the call is about (see :class:`~rootsweep.emulator.calls.CallCounters`).
        skip: how many matching calls pass first; 6 spares six pages and meets the seventh.
        times: how many calls it meets then; None for all.
        probability: the share of the matching calls that it meets, drawn from the world's seed.
    """

    effect: Effect
    service: str | None = None
    operation: str | None = None
    account: str | None = None
    skip: int = 0
    times: int | None = None
    probability: float = 1.0

    def matches(self, service: str, operation: str) -> bool:
        """Tell whether the rule is about this operation."""
        return self.service in {None, service} and self.operation in {None, operation}


@dataclass(slots=True)
class Outcome:
    """What the rules do to one call. ``delay`` is in seconds; ``reset_acted`` is None where the connection stays up."""

    delay: float = 0.0
    refusal: ServiceError | None = None
    denial: DenyAccess | None = None
    reset_acted: bool | None = None
    omissions: list[tuple[str, ...]] = field(default_factory=list)


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_at: float

    def take(self, throttle: Throttle, now: float) -> bool:
        self.tokens = min(throttle.burst, self.tokens + (now - self.filled_at) * throttle.rate)
        self.filled_at = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


@dataclass(slots=True, eq=False)
class _Active:
    rule: Rule
    matched: int = 0
    met: int = 0
    buckets: dict[tuple[str, str], _Bucket] = field(default_factory=dict)


class Faults:
    """The rules in force. Handles from :meth:`add` take a rule away again."""

    __slots__ = ("_by_account", "_last_handle", "_random")

    def __init__(self, seed: int = 0) -> None:
        self._by_account: dict[str | None, dict[int, _Active]] = {}
        self._last_handle = 0
        self._random = random.Random(seed)  # noqa: S311  faults, not secrets

    def add(self, rule: Rule) -> int:
        """Put a rule in force and give its handle."""
        self._last_handle += 1
        self._by_account.setdefault(rule.account, {})[self._last_handle] = _Active(rule)
        return self._last_handle

    def remove(self, handle: int) -> None:
        """Take the rule of this handle away; one that is gone already stays so."""
        for rules in self._by_account.values():
            rules.pop(handle, None)

    def clear(self) -> None:
        """Take all rules away."""
        self._by_account.clear()

    def meet(self, service: str, operation: str, account: str, *, caller_account: str, now: float) -> Outcome | None:
        """Apply every rule that matches a call; None when no rule touches it.

        ``account`` is the one that the call is about, ``caller_account`` the one it is made in; ``now`` in epoch seconds.
        """
        if not self._by_account:
            return None
        outcome: Outcome | None = None
        for active in (*self._by_account.get(None, {}).values(), *self._by_account.get(account, {}).values()):
            if active.rule.matches(service, operation) and self._is_due(active):
                outcome = outcome or Outcome()
                _apply(active, outcome, operation=operation, caller_account=caller_account, now=now)
        return outcome

    def _is_due(self, active: _Active) -> bool:
        rule = active.rule
        active.matched += 1
        if active.matched <= rule.skip or (rule.times is not None and active.met >= rule.times):
            return False
        if rule.probability < 1.0 and self._random.random() >= rule.probability:
            return False
        active.met += 1
        return True


def _apply(active: _Active, outcome: Outcome, *, operation: str, caller_account: str, now: float) -> None:
    match active.rule.effect:
        case Latency(seconds):
            outcome.delay += seconds
        case Throttle() as throttle:
            key = (caller_account, "" if throttle.shared else operation)
            bucket = active.buckets.setdefault(key, _Bucket(throttle.burst, now))
            if not bucket.take(throttle, now):
                outcome.refusal = ServiceError("Throttling", "Rate exceeded")
        case Refuse(code, message, status):
            outcome.refusal = ServiceError(code, message, status)
        case Reset(acted):
            outcome.reset_acted = acted
        case DenyAccess() as denial:
            outcome.denial = denial
        case Omit(path):
            outcome.omissions.append(path)
        case Change(action):
            action()
        case unknown:
            assert_never(unknown)

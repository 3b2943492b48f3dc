"""What can go wrong on purpose: rules that match calls, and what they do to them.

Where several rules meet one call, their effects come together. What is answered in the end is decided in this order: a reset, a
:class:`Body`, an error, the answer with its alterations in the order of their rules. The server acts unless one of the effects
says that it does not.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, assert_never

from rootsweep_emulator.errors import ServiceError

Path = tuple[str | int, ...]
"""The way to a member of an answer: the names of members, and the places of entries in lists, counted from 0."""


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
    """The call is answered with this error.

    Attributes:
        code: the error's code, such as ``GatewayTimeout``.
        message: the error's text; None for an error without one.
        status: the HTTP status; None takes the code's own.
        acted: the server acts first, as it has where a gateway before it gives up; else nothing is done.
    """

    code: str
    message: str | None = None
    status: int | None = None
    acted: bool = False


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
    """The answer lacks a member, such as ``("SummaryMap", "AccountAccessKeysPresent")`` or ``("Accounts", 0, "Id")``."""

    path: Path


@dataclass(frozen=True, slots=True)
class Replace:
    """A member of the answer holds this value instead of its own.

    Attributes:
        path: such as ``("AccessKeyMetadata",)`` or ``("SummaryMap", "AccountAccessKeysPresent")``; its first name must be a
            member of the operation's output. A path that the answer does not have changes nothing, but for its last name.
        value: such as ``[]`` or ``0``, of the member's type.
    """

    path: Path
    value: Any


@dataclass(frozen=True, slots=True)
class SessionOf:
    """AssumeRoot and AssumeRole answer with a session of another account, which works: it reads and writes there.

    A root session has the same task, a role's session the same role name; where the other account has no such role, the session
    may do there what the role that was asked for may do. GetCallerIdentity with the session tells the other account. Other
    operations are not touched.

    Attributes:
        account: the other account, by id or by name.
        old_key_id: the session's key id is of the old generation, which encodes no account; else it encodes the other account.
        arn_tells: the answer of AssumeRole has the ARN of the role in the other account; else of the role that was asked for.
    """

    account: str
    old_key_id: bool = False
    arn_tells: bool = True


@dataclass(frozen=True, slots=True)
class Endless:
    """The pager never ends: its last page has a token too, which leads to this last page again.

    It works for every operation that answers with NextToken, or with Marker and IsTruncated.

    Attributes:
        cycle: how many tokens there are before the first comes again; 1 for the same token each time.
    """

    cycle: int = 1


@dataclass(frozen=True, slots=True)
class Dated:
    """The answer, or the error, has this text as its Date header; None leaves the header away."""

    text: str | None


@dataclass(frozen=True, slots=True)
class Body:
    """These bytes stand in the place of the answer, as a proxy's page or a cut answer does.

    Attributes:
        content: the bytes of the body.
        status: the HTTP status, such as 302 for a redirect.
        content_type: the Content-Type header.
        acted: the server acts first; else nothing is done.
        declared_length: what the Content-Length header tells where that is more than there is: the connection is closed after
            the content. None tells the content's own length.
        headers: further headers, such as ``(("Location", "https://example.com/"),)``.
    """

    content: bytes
    status: int = 200
    content_type: str = "text/html"
    acted: bool = False
    declared_length: int | None = None
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """Something happens in the world just before the server acts, such as the suspension of an account."""

    action: Callable[[], None]


Alteration = Omit | Replace | SessionOf | Endless
Effect = Latency | Throttle | Refuse | Reset | DenyAccess | Alteration | Dated | Body | Change


@dataclass(frozen=True, slots=True)
class Rule:
    """Which calls an effect meets. None matches all.

    Attributes:
        service: ``iam``, ``sts``, ``organizations`` and so on, as it signs its calls; EventBridge is ``events``.
        operation: the operation's name, such as ``ListAccounts``.
        account: the id of the account that the call is about (see :class:`~rootsweep_emulator.trail.CallCounters`).
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
        """Return whether the rule is about this operation."""
        return self.service in {None, service} and self.operation in {None, operation}


@dataclass(slots=True)
class Outcome:
    """What the rules do to one call.

    Attributes:
        delay: seconds that the answer is held back.
        acts: the server acts, whatever it answers.
        reset: the connection is reset.
        body: what stands in the place of any answer.
        refusal: the error that stands in the place of the operation's own answer or error.
        denial: the operation is denied.
        alterations: what is changed in the operation's answer.
        date: what the Date header holds.
    """

    delay: float = 0.0
    acts: bool = True
    reset: bool = False
    body: Body | None = None
    refusal: ServiceError | None = None
    denial: DenyAccess | None = None
    alterations: list[Alteration] = field(default_factory=list)
    date: Dated | None = None

    @property
    def is_lost(self) -> bool:
        """Return whether the operation's own answer does not leave the server."""
        return self.reset or self.body is not None or self.refusal is not None or not self.acts


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

    def meet(  # noqa: PLR0913  a call is what it consists of
        self, service: str, operation: str, account: str, *, caller_account: str, now: float, outcome: Outcome
    ) -> None:
        """Apply every rule that matches a call to its outcome.

        ``account`` is the one that the call is about, ``caller_account`` the one it is made in; ``now`` in epoch seconds.
        """
        if not self._by_account:
            return
        for active in (*self._by_account.get(None, {}).values(), *self._by_account.get(account, {}).values()):
            if active.rule.matches(service, operation) and self._is_due(active):
                _apply(active, outcome, operation=operation, caller_account=caller_account, now=now)

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
                outcome.refusal, outcome.acts = ServiceError("Throttling", "Rate exceeded"), False
        case Refuse() | Reset() | Body() as instead:
            _answer_instead(outcome, instead)
        case DenyAccess() as denial:
            outcome.denial = denial
        case Omit() | Replace() | SessionOf() | Endless() as alteration:
            outcome.alterations.append(alteration)
        case Dated() as date:
            outcome.date = date
        case Change(action):
            action()
        case unknown:
            assert_never(unknown)


def _answer_instead(outcome: Outcome, effect: Refuse | Reset | Body) -> None:
    outcome.acts = outcome.acts and effect.acted
    match effect:
        case Refuse(code, message, status):
            outcome.refusal = ServiceError(code, message, status)
        case Reset():
            outcome.reset = True
        case Body():
            outcome.body = effect
        case unknown:
            assert_never(unknown)

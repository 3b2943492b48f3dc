"""From a run to a plan: which keys may be deleted, which are held back, which need a person, with their steps; pure.

The same run, guards and time give the same plan. A guard never bends: a key within one is in no delete action. What counts is
what was known when a key was seen: a key that was idle then may have been used since, and is no longer idle for sure.
"""

import math
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Final

from rootsweep.core.evidence import Access, KeyStatus, LastUsed, NoLastUse, Observed, Source
from rootsweep.core.finding import Finding, Verdict
from rootsweep.core.organization import PARTITION_WITHOUT_ROOT_CONSOLE
from rootsweep.core.removal.plan import Action, ActionKind, Guards, HeldBack, HeldBackReason, Plan, PlannedKey, Precondition
from rootsweep.core.run import Run
from rootsweep.core.times import ALLOWED_SKEW, to_the_minute
from rootsweep.errors import UsageError
from rootsweep.version import __version__

_DELETE_PRECONDITIONS: Final = tuple(Precondition)
_UNITS: Final = {"day": timedelta(days=1), "hour": timedelta(hours=1), "minute": timedelta(minutes=1)}

_Order = tuple[bool, str, str, int]


def make_plan(run: Run, guards: Guards, now: datetime) -> Plan:
    """Plan the removal of every root key that the run shows; ``now`` is aware, in UTC.

    Raises ``UsageError`` for a run of the future, whose keys would look younger and longer idle than they are.
    """
    if run.finished_at - now > ALLOWED_SKEW:
        raise UsageError(f"the run is dated in the future ({to_the_minute(run.finished_at)})", "check this machine's clock")
    planned = [_plan_key(finding, key, run, guards, now) for finding in run.findings for key in _keys_of(finding)]
    actions = [one for one in planned if isinstance(one, Action)]
    held_back = [one for one in planned if isinstance(one, HeldBack)]
    kept, limited = _within_limits(actions, guards, len(run.findings))
    return Plan(
        tool_version=__version__,
        created_at=now,
        as_of=run.finished_at,
        organization_id=run.scope.organization_id,
        partition=run.scope.partition,
        accounts=len(run.findings),
        guards=guards,
        actions=tuple(sorted(kept, key=lambda one: _order(one.key))),
        held_back=tuple(sorted([*held_back, *limited], key=lambda one: _order(one.key))),
        unread=tuple(sorted(one.account.id for one in run.findings if one.verdict is Verdict.INSUFFICIENT_DATA)),
        incomplete_because=_why_incomplete(run),
    )


def ids_allowed_in_vain(plan: Plan) -> tuple[str, ...]:
    """Return the ids that ``allow_recent`` names and no key of the plan has."""
    planned = {one.key.id for one in plan.actions} | {one.key.id for one in plan.held_back}
    return tuple(key_id for key_id in dict.fromkeys(plan.guards.allow_recent) if key_id not in planned)


def _why_incomplete(run: Run) -> str | None:
    if not run.scope.complete:
        return run.scope.incomplete_because or "the accounts could not all be listed"
    refused = len(run.rejected_inputs)
    return f"the audit refused evidence that it was given ({refused})" if refused else None


def _keys_of(finding: Finding) -> Iterator[PlannedKey]:
    """Return the keys of an account; where a key was seen to exist and none is shown, one of which nothing more is known."""
    for row in finding.keys:
        yield PlannedKey(finding.account, row.id, row.slot, row.status, row.created_at, row.last_rotated_at, row.last_use)
    if finding.verdict is Verdict.NON_COMPLIANT and not finding.keys:
        yield PlannedKey(finding.account, None, None, KeyStatus.UNKNOWN, None, None, NoLastUse.UNKNOWN)


def _plan_key(finding: Finding, key: PlannedKey, run: Run, guards: Guards, now: datetime) -> Action | HeldBack:
    account = finding.account
    if finding.exception is not None:
        until = f"{finding.exception.owner} answers for it until {finding.exception.expires_at:%Y-%m-%d}"
        return HeldBack(key, HeldBackReason.EXCEPTED, f"it is excepted: {until}", None)
    if (account.partition or run.scope.partition) == PARTITION_WITHOUT_ROOT_CONSOLE:
        return Action(ActionKind.SELF_REMOVE, key, runbook=self_removal_runbook(key))
    by_root_session = [piece for piece in finding.evidence if piece.origin.access is Access.ROOT_SESSION]
    if account.is_management_account or not by_root_session:
        return Action(ActionKind.MANUAL_STEP, key, runbook=manual_runbook(key))
    lists = [piece for piece in by_root_session if isinstance(piece, Observed) and piece.source is Source.ROOT_ACCESS_KEYS]
    if not lists:
        message = "no root session saw the ids of this account's keys; plan again once one can enter the account"
        return HeldBack(key, HeldBackReason.KEY_ID_UNKNOWN, message, None)
    times = [piece.origin.observed_at for piece in lists if piece.origin.observed_at is not None]
    seen_at = min(now, *times) if len(times) == len(lists) else None
    return _not_known(key, seen_at) or _guarded(key, guards, seen_at or now) or _deletion(key)


def _deletion(key: PlannedKey) -> Action:
    return Action(ActionKind.DELETE_KEY, key, _DELETE_PRECONDITIONS)


def _not_known(key: PlannedKey, seen_at: datetime | None) -> HeldBack | None:
    """Hold back a key of which something is not known that no option makes up for; None where all of it is."""
    if key.id is None:
        message = "a key was seen to exist, and is not in the list of keys; plan again"
        return HeldBack(key, HeldBackReason.KEY_ID_UNKNOWN, message, None)
    if key.status is KeyStatus.UNKNOWN:
        message = "AWS gives it a status that is neither Active nor Inactive"
        return HeldBack(key, HeldBackReason.STATUS_UNKNOWN, message, None)
    if key.created_at is None or seen_at is None:
        what = "when it was created" if key.created_at is None else "when it was seen"
        return HeldBack(key, HeldBackReason.AGE_UNKNOWN, f"{what} is not known", None)
    return None


def _guarded(key: PlannedKey, guards: Guards, seen_at: datetime) -> HeldBack | None:
    """Return the first guard that holds a key back, by what was known ``seen_at``; None when none does."""
    if key.created_at is None or seen_at - key.created_at < guards.min_age:
        message = f"it was younger than {_span(guards.min_age)} when it was seen"
        return HeldBack(key, HeldBackReason.TOO_YOUNG, message, "--min-age")
    if key.id in guards.allow_recent:
        return None
    release = f"--allow-recent {key.id}"
    match key.last_use:
        case LastUsed(at=at) if seen_at - at < guards.min_idle:
            message = f"it was used within the {_span(guards.min_idle)} before it was seen"
            return HeldBack(key, HeldBackReason.RECENTLY_USED, message, release)
        case NoLastUse.UNKNOWN:
            message = "when it was last used is not known, which counts as used"
            return HeldBack(key, HeldBackReason.LAST_USE_UNKNOWN, message, release)
        case _:
            return None


def _span(span: timedelta) -> str:
    """Write ``90 days``, ``36 hours``, ``1 minute``."""
    for noun, unit in _UNITS.items():
        number, rest = divmod(span, unit)
        if number and not rest:
            return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
    return f"{span.total_seconds():,.0f} seconds"


def _within_limits(actions: Iterable[Action], guards: Guards, accounts: int) -> tuple[list[Action], list[HeldBack]]:
    """Keep the deletions of as many accounts as the limits allow, the mildest first; nothing else is limited."""
    share = math.floor(Fraction(str(guards.max_share)) * accounts)
    most = min(guards.max_accounts, max(share, 1))
    kept: list[Action] = []
    deletions: dict[str, list[Action]] = {}
    for action in actions:
        if action.kind is ActionKind.DELETE_KEY:
            deletions.setdefault(action.key.account.id, []).append(action)
        else:
            kept.append(action)
    by_account = sorted(deletions.values(), key=_mildest_first)
    kept.extend(action for group in by_account[:most] for action in group)
    if most == guards.max_accounts:
        reason, release, limit = HeldBackReason.MAX_ACCOUNTS, "--max-accounts", _accounts(guards.max_accounts)
    else:
        reason, release = HeldBackReason.MAX_SHARE, "--max-share"
        limit = f"{guards.max_share * 100:g}% of the {_accounts(accounts)}"
    message = f"this plan deletes keys in {limit} at most; make the next one after it"
    return kept, [HeldBack(action.key, reason, message, release) for group in by_account[most:] for action in group]


def _accounts(number: int) -> str:
    return f"{number:,} account" if number == 1 else f"{number:,} accounts"


def _mildest_first(actions: list[Action]) -> tuple[bool, str]:
    """Accounts with inactive keys alone come first: nothing can depend on these."""
    return any(action.key.status is not KeyStatus.INACTIVE for action in actions), actions[0].key.account.id


def _order(key: PlannedKey) -> _Order:
    """Put the management account's keys first: they are the most dangerous, and no service control policy binds them."""
    return (not key.account.is_management_account, key.account.id, key.id or "", key.slot or 0)


# The steps for a person where rootsweep cannot act: as root, by the console or by AWS's command line; pure.
#
# A step is a sentence or two. The lines after its first are commands to copy, short enough for 80 columns. That root can
# deactivate and delete its own keys is in the IAM User Guide, "Delete access keys for the root user"; how it signs in on
# the command line by the AWS Sign-In User Guide, "Sign in through the AWS Command Line Interface".

IRREVERSIBLE: Final = "A deleted key cannot be recovered."
"""What no one may find out afterwards."""

_GOVCLOUD_REGION: Final = "us-gov-west-1"
_UNKNOWN_ID: Final = "KEY_ID"
_WAIT: Final = "Wait until everything that runs daily, weekly or at the end of a month has run without it."
_PRESENT: Final = "SummaryMap.AccountAccessKeysPresent"


def manual_runbook(key: PlannedKey) -> tuple[str, ...]:
    """Return the steps by which a person who signs in as root removes a key, in their order."""
    return tuple(_manual_steps(key))


def self_removal_runbook(key: PlannedKey) -> tuple[str, ...]:
    """Return the steps where root has no console, as in AWS GovCloud (US): a root key removes the others, and itself last."""
    return tuple(_self_removal_steps(key))


def _manual_steps(key: PlannedKey) -> Iterator[str]:
    account, key_id = key.account, key.id or _UNKNOWN_ID
    if not account.is_management_account:
        yield _lift_quarantine(account.id)
    yield (
        f"Sign in to the AWS console as the root user of account {account.id}. At the top right choose the account's name, "
        "then Security credentials, section Access keys. For the command line use AWS CloudShell there, or AWS CLI 2.32.0 or "
        f"newer; the ARN must end in {account.id}:root. Signed in so, `rootsweep self-remove` guides through it.\n"
        "aws login\n"
        "aws sts get-caller-identity"
    )
    yield from _seeing(key, key_id)
    if key.status is not KeyStatus.INACTIVE:
        yield (
            "Deactivate it first; where its secret may have leaked, do this before anything else. Console: select the key, "
            "Actions, Deactivate. If something fails, activate it again.\n"
            "aws iam update-access-key --status Inactive \\\n"
            f"  --access-key-id {key_id}"
        )
        yield _WAIT
    yield (
        f"Delete it. {IRREVERSIBLE} Console: select the key, Actions, Delete, and type its id.\n"
        f"aws iam delete-access-key --access-key-id {key_id}"
    )
    yield from _verifying("")


def _self_removal_steps(key: PlannedKey) -> Iterator[str]:
    account, key_id = key.account, key.id or _UNKNOWN_ID
    if not account.is_management_account:
        yield _lift_quarantine(account.id)
    yield (
        f"The root user of account {account.id} cannot sign in to a console here: it works through its access keys alone. Set "
        f"one of them as the credentials; the ARN must end in {account.id}:root.\n"
        f"aws sts get-caller-identity --region {_GOVCLOUD_REGION}"
    )
    yield from _seeing(key, key_id, f" --region {_GOVCLOUD_REGION}")
    yield (
        "Deactivate every other key of root first, and never the one that you call with: an inactive key cannot delete itself. "
        "If something fails, --undo activates them again.\n"
        f"rootsweep self-remove --region {_GOVCLOUD_REGION} --deactivate all"
    )
    yield _WAIT
    yield (
        f"Delete the other keys, and the one that you call with last. {IRREVERSIBLE}\n"
        f"rootsweep self-remove --region {_GOVCLOUD_REGION} \\\n"
        "  --delete all --including-own"
    )
    yield (
        "Or by hand, once for each key, in the same order.\n"
        f"aws iam delete-access-key --region {_GOVCLOUD_REGION} \\\n"
        f"  --access-key-id {key_id}"
    )
    yield from _verifying(f" --region {_GOVCLOUD_REGION}")


def _lift_quarantine(account_id: str) -> str:
    return (
        f"If account {account_id} is quarantined, which is that a service control policy denies its root user everything, lift "
        "that first: else every step below is denied. Where rootsweep did it, name that plan.\n"
        "rootsweep quarantine lift PLAN"
    )


def _seeing(key: PlannedKey, key_id: str, region: str = "") -> Iterator[str]:
    which = "" if key.id else f" The audit saw no id: take it from this list, and put it in the place of {_UNKNOWN_ID} below."
    yield f"See the keys that root has.{which}\naws iam list-access-keys{region}"
    yield (
        "See when the key was last used, where, and for what.\n"
        f"aws iam get-access-key-last-used{region} \\\n"
        f"  --access-key-id {key_id}"
    )
    where, first = ("both Regions", _GOVCLOUD_REGION) if region else ("every Region that you use", "us-east-1")
    yield (
        f"Move what uses it to an IAM role. CloudTrail shows the calls of the last 90 days; ask in {where}.\n"
        f"aws cloudtrail lookup-events --region {first} \\\n"
        "  --lookup-attributes \\\n"
        f"  AttributeKey=AccessKeyId,AttributeValue={key_id}"
    )


def _verifying(region: str) -> Iterator[str]:
    whose = "with other credentials of the account" if region else "in the account"
    yield (
        f"Verify, {whose}: the first command prints 0 once root has no key at all, and the second then exits with 0.\n"
        f"aws iam get-account-summary{region} \\\n"
        f"  --query {_PRESENT}\n"
        f"rootsweep audit{region}"
    )

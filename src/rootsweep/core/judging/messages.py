"""What rootsweep says to a person: one text for each reason and warning code, and the next step."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rootsweep.core.evidence import KeyStatus, Unavailable
from rootsweep.core.finding import Judgement, KeyRow, Message, ReasonCode, Verdict, WarningCode
from rootsweep.core.judging.resolution import ResolvedEvidence
from rootsweep.core.judging.verdict import REPORT_LIFE, JudgingRules
from rootsweep.core.organization import PARTITION_WITHOUT_ROOT_CONSOLE, Account
from rootsweep.core.times import to_the_minute


@dataclass(frozen=True, slots=True)
class Subject:
    """What a message speaks of; ``now`` is aware, in UTC.

    ``misnamed`` are the files that hold evidence of the account under the name of another: their paths and that account's id.
    """

    account: Account
    keys: tuple[KeyRow, ...]
    as_of: datetime | None
    seen: ResolvedEvidence
    rules: JudgingRules
    now: datetime
    misnamed: tuple[tuple[str, str], ...] = ()


_REASONS: Final = {
    ReasonCode.ACTIVE_ROOT_KEY: "The root user of account {account} has an active access key{as_of}: {keys}. Delete it.",
    ReasonCode.INACTIVE_ROOT_KEY: (
        "The root user of account {account} has an inactive access key{as_of}: {keys}. It can be activated again: delete it."
    ),
    ReasonCode.INACTIVE_ROOT_KEY_ALLOWED: (
        "The root user of account {account} has only inactive access keys{as_of}: {keys}. They are allowed by "
        "--inactive-keys allow; delete them to satisfy both audit procedures."
    ),
    ReasonCode.ROOT_KEY_STATUS_UNKNOWN: (
        "The root user of account {account} has an access key{as_of}: {keys}; its status is unknown. "
        "Treat it as active and delete it."
    ),
    ReasonCode.SOURCES_DISAGREE: (
        "The sources disagree on account {account}{as_of}: {sources}. Audit it again with fresh evidence; "
        "until they agree, act as if a root access key exists: {keys}."
    ),
    ReasonCode.KEY_CREATED_SINCE_REPORT: (
        "A root access key was created in account {account} since its credential report{as_of}: {sources}; {keys}. "
        "Find out who created it, and delete it."
    ),
    ReasonCode.KEY_DELETED_SINCE_REPORT: (
        "The credential report of account {account} still shows a root access key, but newer evidence shows none{as_of}: "
        "{sources}. Wait for the next report, at most 4 hours, if an auditor asks for it."
    ),
    ReasonCode.NO_ROOT_KEY: "The root user of account {account} has no access key{as_of}. Nothing to do.",
    ReasonCode.NO_EVIDENCE: "No evidence was provided for account {account}. Add its credential report.",
    ReasonCode.REPORT_TOO_OLD: (
        "The credential report of account {account}{as_of} is older than the allowed age. {next_report}"
    ),
    ReasonCode.REPORT_TIME_UNKNOWN: (
        "The age of the credential report of account {account} is unknown: it has no GeneratedTime, or AWS's answer has no "
        "plausible date. Save it with `aws iam get-credential-report > report.json`, which keeps GeneratedTime."
    ),
    ReasonCode.REPORT_INCOMPLETE: (
        "The credential report of account {account}{as_of} has an unreadable access key slot ({unreadable}). "
        "Download the complete report again."
    ),
    ReasonCode.ACCOUNT_CLOSED: "Account {account} is closed. Nothing to do.",
    ReasonCode.ACCOUNT_SUSPENDED: "Account {account} is suspended and could not be read. Audit it if it is reinstated.",
    ReasonCode.ACCOUNT_PENDING_CLOSURE: "Account {account} is pending closure and could not be read. Audit it if it is kept.",
    ReasonCode.ACCOUNT_PENDING_ACTIVATION: (
        "Account {account} is pending activation and could not be read. Audit it once it is active."
    ),
    ReasonCode.PARTITION_HAS_NO_ROOT_USER: "Account {account} is in AWS China, which has no root user. Nothing to do.",
}

_WARNINGS: Final = {
    WarningCode.KEY_DATE_UNREADABLE: "A date of a root access key of account {account} cannot be read: {unreadable}.",
    WarningCode.SLOT_UNREAD: "The credential report of account {account} has an unreadable access key slot: {unreadable}.",
    WarningCode.FURTHER_KEYS_REPORTED: (
        "The credential report of account {account} counts more credentials than it describes; list the root keys."
    ),
    WarningCode.REPORT_TIME_UNKNOWN: (
        "The generation time of the credential report of account {account} is unknown, so it proves only a single moment."
    ),
    WarningCode.REPORT_TIME_IN_FUTURE: (
        "A credential report of account {account} is dated in the future, so its time counts as unknown. Check the clock."
    ),
    WarningCode.REPORT_OLDER_THAN_MAX_AGE: "The credential report of account {account} is older than --max-age. {next_report}",
    WarningCode.SOURCE_UNAVAILABLE: "Not everything about account {account} could be read: {unavailable}.",
    WarningCode.OLDER_EVIDENCE_SET_ASIDE: "Further evidence of account {account} was set aside: {set_aside}.",
    WarningCode.ANSWER_TIME_UNKNOWN: (
        "An AWS answer about account {account} has no date, or one more than a day off this machine's clock, which is "
        "ignored: the order of this answer and other evidence is unknown. Check the clock, the proxy and "
        "AWS_ENDPOINT_URL."
    ),
    WarningCode.FILE_NAMED_FOR_ANOTHER_ACCOUNT: (
        "Evidence of account {account} is in a file named for another account: {misnamed}. Check that it was saved from "
        "the right account, and rename the file."
    ),
    WarningCode.CALLER_KEY_NOT_SHOWN_ELSEWHERE: (
        "The root access key used by the caller is missing from the key list of account {account}; it is reported as an "
        "additional key."
    ),
    WarningCode.EVIDENCE_OF_CLOSED_ACCOUNT: "Account {account} is closed, yet evidence shows a root access key.",
}


def reason_messages(judgement: Judgement, subject: Subject) -> tuple[Message, ...]:
    """Put the reasons of a judgement in words, in their order; a source's own reason speaks by its advice."""
    fields = _fields(subject)
    own = tuple(Message(code.value, _REASONS[code].format_map(fields)) for code in judgement.reasons)
    return own + tuple(_unavailable_message(piece, subject.account) for piece in judgement.unavailable)


def warning_message(code: WarningCode, subject: Subject) -> Message:
    """Put a warning in words."""
    return Message(code.value, _WARNINGS[code].format_map(_fields(subject)))


_ONLY_INACTIVE: Final = frozenset({ReasonCode.INACTIVE_ROOT_KEY, ReasonCode.INACTIVE_ROOT_KEY_ALLOWED})
_RECOVERY = "A deleted key cannot be recovered"
_GOVCLOUD = (
    "In AWS GovCloud (US) root works through its access keys alone: with the root key itself run "
    "`aws iam list-access-keys --region us-gov-west-1`, delete every other key, and last "
    f"`aws iam delete-access-key --access-key-id ID` on its own id. {_RECOVERY}; AWS Support makes a new one."
)
_ACTIVE = (
    "Move what uses the key to an IAM role. Then sign in as root, open Security credentials, deactivate the key, see that "
    "nothing breaks, and delete it; for a member account with centralized root access, the management account can delete it in "
    f"a root session (`aws sts assume-root`, policy IAMDeleteRootUserCredentials). {_RECOVERY}."
)
_INACTIVE = (
    "Delete the key: sign in as root, open Security credentials, Actions, Delete; or in a root session (`aws sts assume-root`, "
    f"policy IAMDeleteRootUserCredentials). {_RECOVERY}."
)
_STILL_FLAGGED = (
    " Until then `aws iam get-account-summary` still flags the account, because AccountAccessKeysPresent counts inactive "
    "keys too."
)
_UNKNOWN = (
    "Sign in as root, open Security credentials, and look at the access keys; delete each one that exists, deactivating an "
    f"active one first. {_RECOVERY}. Then generate a new credential report and audit again."
)
_DISAGREE = (
    "Take both again: `aws iam generate-credential-report` (a new one is made at most every 4 hours), "
    "`aws iam get-credential-report` and `aws iam get-account-summary`. If a key shows again, delete it as root. "
    f"{_RECOVERY}."
)
_UNREAD = (
    "In the account run `aws iam generate-credential-report`, then `aws iam get-credential-report > ACCOUNT_ID.json`, and "
    "audit that file with --from."
)


def next_step(judgement: Judgement, subject: Subject) -> str | None:
    """Return what to do next; None where nothing is to be done.

    Source: CIS AWS Foundations Benchmark, recommendation 1.4, "Remediation"; for AWS GovCloud (US) the AWS GovCloud User Guide,
    "Account root user".
    """
    if judgement.verdict is Verdict.INSUFFICIENT_DATA:
        return _UNREAD if not judgement.unavailable else _advice(judgement)
    if judgement.verdict is not Verdict.NON_COMPLIANT and ReasonCode.INACTIVE_ROOT_KEY_ALLOWED not in judgement.reasons:
        return None
    if ReasonCode.SOURCES_DISAGREE in judgement.reasons:
        return _DISAGREE
    only_inactive = not _ONLY_INACTIVE.isdisjoint(judgement.reasons)
    return _removal(judgement, subject) + (_STILL_FLAGGED if only_inactive else "")


def _advice(judgement: Judgement) -> str:
    """Say each advice once; an account may have been refused the same thing twice."""
    advice = "; ".join(dict.fromkeys(piece.advice for piece in judgement.unavailable))
    return f"{advice[:1].upper()}{advice[1:]}."


def _removal(judgement: Judgement, subject: Subject) -> str:
    if subject.account.partition == PARTITION_WITHOUT_ROOT_CONSOLE:
        return _GOVCLOUD
    if ReasonCode.ACTIVE_ROOT_KEY in judgement.reasons:
        return _ACTIVE
    return _UNKNOWN if _ONLY_INACTIVE.isdisjoint(judgement.reasons) else _INACTIVE


def _unavailable_message(piece: Unavailable, account: Account) -> Message:
    return Message(piece.reason.value, f"Account {account.id} could not be read by {_refusal(piece)}.")


def _refusal(piece: Unavailable) -> str:
    what = piece.origin.api_call or piece.source.value
    why = piece.error_code or piece.reason.value.replace("_", " ")
    return f"{what} ({why}): {piece.advice}"


def _fields(subject: Subject) -> dict[str, str]:
    return {
        "account": subject.account.id,
        "as_of": " (undated evidence)" if subject.as_of is None else f" as of {to_the_minute(subject.as_of)}",
        "keys": "; ".join(_key(row) for row in subject.keys) or "its id was not seen",
        "sources": _sources(subject.seen),
        "unreadable": _unreadable(subject.seen),
        "unavailable": "; ".join(_refusal(piece) for piece in subject.seen.unavailable),
        "next_report": _next_report(subject),
        "misnamed": ", ".join(f"{path} (named for {account_id})" for path, account_id in subject.misnamed),
        "set_aside": f"{subject.seen.set_aside} older or milder",
    }


def _next_report(subject: Subject) -> str:
    made_at = subject.seen.report.at if subject.seen.report else None
    if made_at is None or subject.now >= made_at + REPORT_LIFE:
        return "Generate a new one and audit again."
    return (
        f"AWS makes a new one at most every 4 hours, the next from {to_the_minute(made_at + REPORT_LIFE)} on. Audit again then."
    )


def _key(row: KeyRow) -> str:
    name = row.id or f"access key {row.slot}"
    status = "" if row.status is KeyStatus.UNKNOWN else f", {row.status.value.lower()}"
    if row.created_at is not None:
        return f"{name}{status}, created {row.created_at:%Y-%m-%d}"
    if row.last_rotated_at is not None:
        return f"{name}{status}, created or last changed {row.last_rotated_at:%Y-%m-%d}"
    return f"{name}{status}, of unknown age"


def _sources(seen: ResolvedEvidence) -> str:
    parts: list[str] = []
    if seen.keys is not None:
        parts.append(f"the key list of {to_the_minute(seen.keys.at)} shows {_some(seen.keys.presence.shows_key)}")
    if seen.summary is not None:
        parts.append(f"the account summary of {to_the_minute(seen.summary.at)} shows {_some(seen.summary.presence.shows_key)}")
    if seen.report is not None:
        parts.append(f"the credential report of {to_the_minute(seen.report.at)} shows {_some(seen.report.presence.shows_key)}")
    return ", ".join(parts)


def _some(shows_key: bool) -> str:  # noqa: FBT001  one word of a sentence, not an option
    return "a key" if shows_key else "none"


def _unreadable(seen: ResolvedEvidence) -> str:
    slots = seen.report.fact.slots if seen.report else ()
    columns = [column for slot in slots for column in slot.unreadable]
    return ", ".join(columns) or "a column is missing"

"""The calls of AWS Identity and Access Management (IAM API reference)."""

from datetime import UTC, datetime
from typing import Final

from rootsweep.aws.call import Response, ask
from rootsweep.aws.paging import every_page
from rootsweep.aws.session import AccountAccess, Session
from rootsweep.core.answer import Answer, Refusal
from rootsweep.core.evidence import AccessKey, AccountSummary, KeyStatus, LastUse, LastUsed, NoLastUse
from rootsweep.core.parsing.account_summary import parse_account_summary
from rootsweep.core.parsing.credential_report import RootRow, numbered_rows, read_credential_report

_STATUSES: Final = {"Active": KeyStatus.ACTIVE, "Inactive": KeyStatus.INACTIVE}
_STATUS_NAMES: Final = {status: name for name, status in _STATUSES.items()}
_NOT_TOLD: Final = "N/A"


def get_account_summary(session: Session, access: AccountAccess) -> Answer[AccountSummary | None] | Refusal:
    """Ask whether the root user has an access key (GetAccountSummary); None when the map lacks the flag."""
    return ask(session, access, "iam:GetAccountSummary", lambda iam: iam.get_account_summary(), parse_account_summary)


def generate_credential_report(session: Session, access: AccountAccess) -> Answer[str] | Refusal:
    """Ask for a report to be made; the state is STARTED, INPROGRESS or COMPLETE (GenerateCredentialReport)."""
    return ask(
        session,
        access,
        "iam:GenerateCredentialReport",
        lambda iam: iam.generate_credential_report(),
        lambda response: str(response["State"]),
    )


def get_credential_report(session: Session, access: AccountAccess) -> Answer[RootRow] | Refusal:
    """Fetch the report that AWS keeps and read its root user's row (GetCredentialReport)."""
    return ask(session, access, "iam:GetCredentialReport", lambda iam: iam.get_credential_report(), _root_row)


def _root_row(response: Response) -> RootRow:
    lines = bytes(response["Content"]).decode("utf-8").splitlines(keepends=True)
    generated_at = response.get("GeneratedTime")
    return read_credential_report(numbered_rows(iter(lines), ","), generated_at=_utc(generated_at))


def list_organizations_features(session: Session, access: AccountAccess) -> Answer[frozenset[str]] | Refusal:
    """Ask which features of centralized root access are enabled (ListOrganizationsFeatures)."""
    return ask(
        session,
        access,
        "iam:ListOrganizationsFeatures",
        lambda iam: iam.list_organizations_features(),
        lambda response: frozenset(response.get("EnabledFeatures", ())),
    )


def list_own_access_keys(session: Session, access: AccountAccess) -> Answer[tuple[AccessKey, ...]] | Refusal:
    """List the keys of the caller, who must be root, without their last uses (ListAccessKeys, every page).

    No user name is sent: `--user-name root` would name an IAM user called root.
    """
    return ask(
        session,
        access,
        "iam:ListAccessKeys",
        lambda iam: every_page(iam.list_access_keys, "AccessKeyMetadata", cursor="Marker"),
        _keys,
    )


def _keys(response: Response) -> tuple[AccessKey, ...]:
    """Read the keys, each once, in the order in which they are listed."""
    return tuple({key.id: key for key in map(_key, response["AccessKeyMetadata"])}.values())


def get_access_key_last_used(session: Session, access: AccountAccess, access_key_id: str) -> Answer[LastUse] | Refusal:
    """Ask when, where and on what a key was last used (GetAccessKeyLastUsed)."""
    return ask(
        session,
        access,
        "iam:GetAccessKeyLastUsed",
        lambda iam: iam.get_access_key_last_used(AccessKeyId=access_key_id),
        lambda response: _last_use(response["AccessKeyLastUsed"]),
    )


def _key(entry: Response) -> AccessKey:
    return AccessKey(
        id=entry["AccessKeyId"],
        status=_STATUSES.get(entry["Status"], KeyStatus.UNKNOWN),
        created_at=_utc(entry.get("CreateDate")),
    )


def _last_use(used: Response) -> LastUse:
    at = _utc(used.get("LastUsedDate"))
    if at is None:
        return NoLastUse.NEVER_RECORDED
    return LastUsed(at, _told(used.get("Region")), _told(used.get("ServiceName")))


def _told(text: str | None) -> str | None:
    return None if text in {None, "", _NOT_TOLD} else text


def _utc(time: datetime | None) -> datetime | None:
    return None if time is None else time.astimezone(UTC)


def delete_own_access_key(session: Session, access: AccountAccess, access_key_id: str) -> Answer[None] | Refusal:
    """Delete a key of the caller, who must be root; it cannot be recovered (DeleteAccessKey)."""
    return ask(
        session,
        access,
        "iam:DeleteAccessKey",
        lambda iam: iam.delete_access_key(AccessKeyId=access_key_id),
        lambda _: None,
    )


def update_own_access_key(
    session: Session, access: AccountAccess, access_key_id: str, status: KeyStatus
) -> Answer[None] | Refusal:
    """Make a key of the caller, who must be root, ACTIVE or INACTIVE (UpdateAccessKey); ``KeyError`` for any other status."""
    name = _STATUS_NAMES[status]
    return ask(
        session,
        access,
        "iam:UpdateAccessKey",
        lambda iam: iam.update_access_key(AccessKeyId=access_key_id, Status=name),
        lambda _: None,
    )

"""The control that rootsweep audits: its text in our words, and its number in each framework version."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Reference:
    """What a framework calls the control; ``source`` says where that is written, ``level`` is the CIS profile level."""

    framework: str
    version: str
    requirement: str
    level: int | None
    source: str


@dataclass(frozen=True, slots=True)
class Control:
    """A control; its texts are plain paragraphs."""

    id: str
    title: str
    level: int
    rationale: str
    audit_by_report: str
    audit_by_command: str
    audit_by_rootsweep: str
    inactive_keys: str
    remediation: str
    remediation_by_rootsweep: str
    govcloud: str
    references: tuple[Reference, ...]


_CIS: Final = "CIS AWS Foundations"

_SECURITY_HUB: Final = "AWS Security Hub User Guide, IAM.4"


def _cis(version: str, requirement: str, source: str) -> Reference:
    return Reference(_CIS, version, requirement, 1, source)


ROOT_ACCESS_KEY: Final = Control(
    id="root-access-key",
    title="Ensure no 'root' user account access key exists",
    level=1,
    rationale=(
        "The root user can do everything in its account, and no policy of the account limits it. An access key lets a program, "
        "or a thief, act as root without a second factor, for as long as the key lives. The benchmark therefore asks that "
        "every access key of the root user be deleted, and that work be done by roles, whose rights are limited and whose "
        "credentials expire."
    ),
    audit_by_report=(
        "Console: sign in, open IAM, choose Credential report in the navigation pane, then Download credentials report (CSV). "
        "The file lists every IAM user of the account, with the dates of their credentials. In the row of the user "
        "<root_account>, access_key_1_active and access_key_2_active must both be FALSE."
    ),
    audit_by_command=(
        "Command line: `aws iam get-account-summary` must show AccountAccessKeysPresent as 0; 1 means that the root user has "
        "an access key, active or inactive."
    ),
    audit_by_rootsweep=(
        "`rootsweep audit` does both for the account of your credentials, `rootsweep audit --organization` for all accounts, "
        "and `rootsweep audit --from FILE` for a downloaded report or a saved summary."
    ),
    inactive_keys=(
        "An inactive key passes the first procedure and fails the second, because AccountAccessKeysPresent counts it too. The "
        "title says that no key exists, so rootsweep calls it non-compliant, with severity HIGH instead of CRITICAL; "
        "`rootsweep audit --inactive-keys allow` follows the first procedure."
    ),
    remediation=(
        "Find out what uses the key and move it to an IAM role. Sign in to the console as root, open the account menu (the "
        "account name, top right), choose Security credentials, and go to Access keys. Select the key, choose Actions and "
        "Deactivate, see that nothing breaks, then Actions and Delete. A deleted key cannot be recovered."
    ),
    remediation_by_rootsweep=(
        "For member accounts `rootsweep plan --organization` chooses the keys, `rootsweep rehearse PLAN` tries the plan, "
        "`rootsweep quarantine on PLAN` denies the root user first, to see what breaks, and `rootsweep apply PLAN` deletes the "
        "keys in root sessions and verifies it. In the account itself, as root, `rootsweep self-remove` does it."
    ),
    govcloud=(
        "In AWS GovCloud (US) the root user is not enabled by default. Once AWS Support enables it, it works through access "
        "keys alone, and only the root key itself can delete root keys: the other keys first, its own last, which "
        "`rootsweep self-remove` does."
    ),
    references=(
        _cis("1.0.0", "1.12", "ScoutSuite's rule for CIS 1.0.0"),
        _cis("1.1.0", "1.12", "ScoutSuite's rule for CIS 1.1.0"),
        _cis("1.2.0", "1.12", _SECURITY_HUB),
        _cis("1.3.0", "1.4", "Steampipe AWS Compliance, cis_v130"),
        _cis("1.4.0", "1.4", _SECURITY_HUB),
        _cis("1.5.0", "1.4", "Prowler, cis_1.5_aws.json"),
        _cis("2.0.0", "1.4", "Prowler, cis_2.0_aws.json"),
        _cis("3.0.0", "1.4", _SECURITY_HUB),
        _cis("4.0.0", "1.4", "inferred from 4.0.1"),
        _cis("4.0.1", "1.4", "Prowler, cis_4.0_aws.json"),
        _cis("5.0.0", "1.3", _SECURITY_HUB),
        _cis("6.0.0", "2.3", "Prowler, cis_6.0_aws.json"),
        _cis("7.0.0", "2.4", "Prowler, cis_7.0_aws.json"),
        Reference("AWS Foundational Security Best Practices", "1.0.0", "IAM.4", None, _SECURITY_HUB),
        Reference("AWS Config managed rule", "current", "iam-root-access-key-check", None, "AWS Config Developer Guide"),
        Reference("NIST SP 800-53", "r5", "AC-2(1), AC-3(15), AC-3(7), AC-6, AC-6(10), AC-6(2)", None, _SECURITY_HUB),
        Reference("PCI DSS", "3.2.1", "2.1, 2.2, 7.2.1", None, _SECURITY_HUB),
        Reference(
            "PCI DSS",
            "4.0",
            "7.2.1, 7.2.2, 7.2.3, 8.2.1, 8.2.2, 8.2.4, 8.2.5, 8.3.11",
            None,
            "Prowler, pci_4.0_aws.json (AWS publishes no mapping)",
        ),
    ),
)

REMEDIATION_PAGE: Final = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user_manage_delete-key.html"
"""Where AWS tells how a key of the root user is deleted (IAM User Guide, "Delete access keys for the root user")."""

DEFAULT_REFERENCE: Final = next(one for one in ROOT_ACCESS_KEY.references if (one.framework, one.version) == (_CIS, "3.0.0"))
"""What reports show where no framework is asked for: the number that the control has had the longest, in its last such version
for which AWS names its source."""


_SERIES: Final = "1.4 in CIS 1.3 to 4.0.1, 1.3 in 5.0, 2.3 in 6.0, 2.4 in 7.0"
"""The numbers of the control in the versions of the benchmark that are in use, as ``references`` lists them."""


def describe_control(reference: Reference) -> str:
    """Name the control by one framework version, or, where none was chosen, by all numbers that CIS gave it."""
    if reference is DEFAULT_REFERENCE:
        return _SERIES
    return f"{reference.framework} {reference.version}, {reference.requirement}"


# What people write for the name of a framework.
_SHORT_NAMES: Final = {
    "cis": "cis aws foundations",
    "cis aws": "cis aws foundations",
    "fsbp": "aws foundational security best practices",
    "nist": "nist sp 800 53",
    "nist 800 53": "nist sp 800 53",
    "pci": "pci dss",
}


def find_reference(text: str) -> Reference | None:
    """Find a framework version, such as ``CIS AWS Foundations 3.0``, ``cis-5.0`` or ``1.4``; None where the control has none.

    Case does not matter, a hyphen stands for a blank, and a version alone is one of CIS. A version may be cut after any of its
    parts: the newest that begins so is meant.
    """
    wanted = _words(text)
    name, _, version = wanted.rpartition(" ")
    if not name and wanted[:1].isdigit():
        name, version = "cis", wanted
    meant = {wanted, f"{_SHORT_NAMES.get(name, name)} {version}", _SHORT_NAMES.get(wanted, wanted)}
    beginnings = tuple(f"{one}{end}" for one in meant for end in (".", " "))
    known = [(f"{_words(f'{one.framework} {one.version}')}.", one) for one in ROOT_ACCESS_KEY.references]
    fitting = [one for whole_name, one in known if whole_name.startswith(beginnings)]
    return fitting[-1] if fitting else None


def _words(text: str) -> str:
    return " ".join(text.casefold().replace("-", " ").split())

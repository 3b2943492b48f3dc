"""``rootsweep central-access`` for a person: what is enabled, what is not, and what AWS does not tell."""

from collections.abc import Iterator
from textwrap import fill
from typing import Final, TextIO

from rootsweep.core.answer import Problem
from rootsweep.core.removal.central_access import CentralAccess, OrganizationSeen, remark_on
from rootsweep.reports.registry import RenderOptions

PROVES_NOTHING: Final = (
    "That it is enabled proves nothing about keys: `rootsweep audit --organization` looks for them. Neither enabling nor "
    "disabling it removes or creates any root credential."
)
_LABEL: Final = 30
_WIDEST: Final = 120


def write_central_access(seen: CentralAccess, stream: TextIO, options: RenderOptions) -> None:
    """Write a line for each part, folded to the width, and what follows from them."""
    width = min(options.width, _WIDEST)
    stream.write(_folded("Centralized root access", _organization(seen), width))
    stream.writelines(_folded(f"  {label}", text, width) for label, text in _rows(seen))
    told = remark_on(seen.partition)
    sentences = [*([] if told is None else [f"{told}."]), _conclusion(seen), PROVES_NOTHING]
    stream.writelines("\n" + fill(sentence, width, break_on_hyphens=False, break_long_words=False) for sentence in sentences)
    stream.write("\n")


def _rows(seen: CentralAccess) -> Iterator[tuple[str, str]]:
    yield "trusted access for IAM", _state(seen.trusted_access)
    yield "root credentials management", _state(seen.root_credentials_management)
    yield "root sessions", _state(seen.root_sessions)
    administrators = seen.delegated_administrators
    yield (
        "delegated administrators",
        _unknown(administrators) if isinstance(administrators, Problem) else ", ".join(administrators) or "none for IAM",
    )
    yield "caller", f"{seen.caller_arn}, {_rights(seen)}"


def _organization(seen: CentralAccess) -> str:
    told = seen.organization
    if isinstance(told, Problem):
        return f"of an organization that is {_unknown(told)}"
    return f"of organization {told.id}, feature set {told.feature_set or 'unknown'}, partition {seen.partition}"


def _rights(seen: CentralAccess) -> str:
    told = seen.organization
    match seen.may_enable:
        case True:
            return "in the management account: its policies permitting, it may enable what is missing"
        case False if isinstance(told, OrganizationSeen):
            return f"which may enable nothing: the management account {told.management_account_id} alone may"
        case _:
            return "of which it is unknown whether it is in the management account, which alone may enable anything"


def _conclusion(seen: CentralAccess) -> str:
    if seen.is_usable:
        return "Root credentials management can be used."
    if remark_on(seen.partition) is not None:
        return "Root credentials management cannot be used."
    if seen.lacks_all_features:
        return "Root credentials management cannot be used: the organization first needs all features (AWS Organizations)."
    if seen.is_usable is None:
        return "Whether root credentials management can be used is unknown: see above for what to allow."
    return (
        "Root credentials management cannot be used: `rootsweep central-access enable`, in the management account, enables it."
    )


def _state(told: bool | Problem) -> str:  # noqa: FBT001  the value itself
    if isinstance(told, Problem):
        return _unknown(told)
    return "enabled" if told else "not enabled"


def _unknown(told: Problem) -> str:
    return f"unknown: {told.problem}; {told.advice}"


def _folded(label: str, text: str, width: int) -> str:
    indent = " " * _LABEL
    lines = fill(
        text, max(width, 2 * _LABEL), initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False,
        break_long_words=False,
    )  # fmt: skip
    return f"{label:<{_LABEL}}{lines[_LABEL:]}\n"

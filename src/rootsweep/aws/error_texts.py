"""What the texts of AWS's denials tell: who was denied which action, on what, and by what kind of policy.

IAM User Guide, "Troubleshoot access denied error messages".
"""

import re
from dataclasses import dataclass
from typing import Final

_DENIAL: Final = re.compile(
    r"User: (?P<principal>\S+) is not authorized to perform: (?P<action>[\w-]+:\w+)"
    r"(?: on resource: (?P<resource>.+?))??(?: (?P<why>because|with) .*)?",
    re.DOTALL,
)
_SERVICE_CONTROL_POLICIES: Final = ("explicit deny in a service control policy", "because no service control policy allows")


@dataclass(frozen=True, slots=True)
class Denial:
    """A denial, taken apart; ``by_service_control_policy`` tells that the account's own policies cannot lift it."""

    principal: str
    action: str
    resource: str
    by_service_control_policy: bool


def read_denial(text: str) -> Denial | None:
    """Read a denial; None for any other text."""
    match = _DENIAL.fullmatch(text.strip())
    if match is None:
        return None
    return Denial(
        match["principal"], match["action"], match["resource"] or "*", any(words in text for words in _SERVICE_CONTROL_POLICIES)
    )

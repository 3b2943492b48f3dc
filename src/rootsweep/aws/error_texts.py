"""What the texts of AWS's denials tell: who was denied which action, on what, and by what kind of policy.

IAM User Guide, "Troubleshoot access denied error messages".
"""

import re
from typing import Final

from rootsweep.model.evidence import Denial

_DENIAL: Final = re.compile(
    r"User: (?P<principal>\S+) is not authorized to perform: (?P<action>[\w-]+:\w+)"
    r"(?: on resource: (?P<resource>.+?))??(?: (?P<why>because|with) .*)?",
    re.DOTALL,
)
_SERVICE_CONTROL_POLICIES: Final = ("explicit deny in a service control policy", "because no service control policy allows")


def read_denial(text: str) -> Denial | None:
    """Read a denial; None for any other text."""
    match = _DENIAL.fullmatch(text.strip())
    return None if match is None else Denial(match["principal"], match["action"], match["resource"])


def is_by_service_control_policy(text: str) -> bool:
    """Return whether a denial is by a service control policy, which the account's own policies cannot lift."""
    return any(words in text for words in _SERVICE_CONTROL_POLICIES)

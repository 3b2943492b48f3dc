"""rootsweep proves that no root user access key exists in any of your AWS accounts.

The functions and values below are imported when they are first used: ``import rootsweep`` needs the standard library alone.
``docs/python.md`` explains them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from rootsweep.version import __version__

if TYPE_CHECKING:
    from rootsweep.core.evidence import KeyStatus
    from rootsweep.core.finding import ExceptionRule, Finding, KeyRow, Severity, Verdict
    from rootsweep.core.history.recorded import Drift
    from rootsweep.core.organization import Account, Scope
    from rootsweep.core.removal.plan import Guards, Plan
    from rootsweep.core.run import RejectedInput, Run, Summary
    from rootsweep.errors import CannotRunError, InputRefusedError, OutputError, RootsweepError, UsageError
    from rootsweep.library import audit, audit_files, compare, plan, read, write

__all__ = [
    "Account",
    "CannotRunError",
    "Drift",
    "ExceptionRule",
    "Finding",
    "Guards",
    "InputRefusedError",
    "KeyRow",
    "KeyStatus",
    "OutputError",
    "Plan",
    "RejectedInput",
    "RootsweepError",
    "Run",
    "Scope",
    "Severity",
    "Summary",
    "UsageError",
    "Verdict",
    "__version__",
    "audit",
    "audit_files",
    "compare",
    "plan",
    "read",
    "write",
]

_MODULES = {
    "rootsweep.core.evidence": ("KeyStatus",),
    "rootsweep.core.finding": ("ExceptionRule", "Finding", "KeyRow", "Severity", "Verdict"),
    "rootsweep.core.history.recorded": ("Drift",),
    "rootsweep.core.organization": ("Account", "Scope"),
    "rootsweep.core.removal.plan": ("Guards", "Plan"),
    "rootsweep.core.run": ("RejectedInput", "Run", "Summary"),
    "rootsweep.errors": ("CannotRunError", "InputRefusedError", "OutputError", "RootsweepError", "UsageError"),
    "rootsweep.library": ("audit", "audit_files", "compare", "plan", "read", "write"),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULE_OF[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)

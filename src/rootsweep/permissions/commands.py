"""Commands to type, folded so that they fit a terminal of 80 columns."""

from typing import Final

from rootsweep.model.evidence import Access
from rootsweep.permissions.documents import DocumentName
from rootsweep.permissions.setup import DEFAULT_ROLE_NAME, Setup

_WIDTH: Final = 76


def command(*parts: str) -> str:
    """Join the parts of a command, each kept whole, over as many lines as it needs."""
    lines = [parts[0]]
    for part in parts[1:]:
        if len(lines[-1]) + len(part) < _WIDTH:
            lines[-1] += f" {part}"
        else:
            lines.append(f"  {part}")
    return " \\\n".join(lines)


def write_document(name: DocumentName, setup: Setup, path: str) -> str:
    """Give the command that writes a document of this setup into a file."""
    return command("rootsweep permissions", *_options(name, setup), f"--document {name}", f"> {path}")


def _options(name: DocumentName, setup: Setup) -> list[str]:
    """Repeat what differs from the defaults; no value of these options means anything to a shell."""
    options = [] if setup.access is Access.ROOT_SESSION else [f"--access {setup.access}"]
    if setup.partition != "aws":
        options.append(f"--partition {setup.partition}")
    if setup.role_name != DEFAULT_ROLE_NAME:
        options.append(f"--role-name {setup.role_name}")
    if name in {DocumentName.TRUST_POLICY, DocumentName.STACK_SET}:
        options.append(f"--trusted {setup.trusted}")
        options += [] if setup.external_id is None else [f"--external-id {setup.external_id}"]
    return options

"""The section on the principal that audits, which every way into the accounts has."""

from rootsweep.permissions.commands import command, write_document
from rootsweep.permissions.documents import DocumentName, document
from rootsweep.permissions.section import Section
from rootsweep.permissions.setup import Setup


def auditing_principal(setup: Setup, text: str) -> Section:
    """Show the identity policy; ``text`` says where it goes and what it allows."""
    return Section(
        "The principal that audits",
        f"{text} For AUDITOR put the name of its role.",
        document(DocumentName.POLICY, setup),
        (
            write_document(DocumentName.POLICY, setup, "rootsweep-policy.json"),
            command(
                "aws iam put-role-policy",
                "--role-name AUDITOR",
                "--policy-name rootsweep",
                "--policy-document file://rootsweep-policy.json",
            ),
        ),
    )

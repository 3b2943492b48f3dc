"""The control as a rule, and the frameworks that have it as taxonomies."""

from collections.abc import Iterator
from typing import Final

from rootsweep.controls import REMEDIATION_PAGE, ROOT_ACCESS_KEY, Reference
from rootsweep.reports.formats.sarif.log_structs import (
    ComponentReference,
    Configuration,
    DescriptorReference,
    MultiformatText,
    Relationship,
    Rule,
    RuleProperties,
    Taxon,
    Taxonomy,
)
from rootsweep.reports.formats.sarif.structs import Message

_SECTIONS: Final = (
    ("Rationale", (ROOT_ACCESS_KEY.rationale,)),
    ("Audit", (ROOT_ACCESS_KEY.audit_by_report, ROOT_ACCESS_KEY.audit_by_command, ROOT_ACCESS_KEY.inactive_keys)),
    ("Remediation", (ROOT_ACCESS_KEY.remediation, ROOT_ACCESS_KEY.govcloud)),
)


def shown(reference: Reference) -> str:
    """Name the control as a framework version does: ``CIS AWS Foundations 3.0.0, 1.4``."""
    return f"{reference.framework} {reference.version}, {reference.requirement}"


def rule(reference: Reference) -> Rule:
    """Give the rule, under the number that was asked for."""
    return Rule(
        id=ROOT_ACCESS_KEY.id,
        name="".join(word.capitalize() for word in ROOT_ACCESS_KEY.id.split("-")),
        short_description=Message(f"{ROOT_ACCESS_KEY.title} ({shown(reference)})."),
        full_description=Message(ROOT_ACCESS_KEY.rationale),
        help_uri=REMEDIATION_PAGE,
        help=MultiformatText(_help_text(), _help_markdown()),
        default_configuration=Configuration("error"),
        relationships=list(_relationships()),
        properties=RuleProperties(
            tags=["security", "aws", "iam", "root-user", f"{reference.framework} {reference.version}"],
            precision="very-high",
            problem_severity="error",
            security_severity="9.5",
        ),
    )


def taxonomies() -> list[Taxonomy]:
    """Give every framework version that has the control, with its numbers there."""
    return [
        Taxonomy(
            one.framework,
            one.version,
            Message(f"What {one.framework} {one.version} calls the control; source: {one.source}."),
            [Taxon(number) for number in _numbers(one)],
        )
        for one in ROOT_ACCESS_KEY.references
    ]


def supported_taxonomies() -> list[ComponentReference]:
    """Refer to each of ``taxonomies``."""
    return [ComponentReference(one.framework, index) for index, one in enumerate(ROOT_ACCESS_KEY.references)]


def _relationships() -> Iterator[Relationship]:
    for component, reference in zip(supported_taxonomies(), ROOT_ACCESS_KEY.references, strict=True):
        for index, number in enumerate(_numbers(reference)):
            yield Relationship(DescriptorReference(number, index, component), ["relevant"])


def _numbers(reference: Reference) -> list[str]:
    return reference.requirement.split(", ")


def _help_text() -> str:
    return "\n\n".join("\n".join([f"{heading}:", *paragraphs]) for heading, paragraphs in _SECTIONS)


def _help_markdown() -> str:
    text = "\n\n".join("\n\n".join([f"## {heading}", *paragraphs]) for heading, paragraphs in _SECTIONS)
    return f"{text}\n\n[Delete access keys for the root user]({REMEDIATION_PAGE})".replace("<", "\\<")

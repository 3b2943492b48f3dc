"""BatchImportFindings and GetFindings (Security Hub API reference; User Guide, "BatchImportFindings for finding providers").

Texts of errors are assumptions, their codes are documented.
"""

import json
from typing import Any, Final

from rootsweep_emulator.errors import ServiceError
from rootsweep_emulator.operations.call import Answer, Call, page_of
from tests.receivers.state import Finding, Hub, receivers_of

MOST: Final = 100
"""The most findings of a call, and of a page."""

_MOST_BYTES: Final = 240 * 1024
_CUSTOMERS_OWN: Final = ("Note", "UserDefinedFields", "VerificationState", "Workflow")
"""What importing a finding again leaves as it is: its customers manage their investigation by it."""

_STATUSES: Final = frozenset({"PASSED", "WARNING", "FAILED", "NOT_AVAILABLE"})


def batch_import_findings(call: Call) -> Answer:
    """Create findings, or update those of the same id whose UpdatedAt is earlier; one that is refused harms no other."""
    hub = _hub(call)
    findings = call.parameters["Findings"]
    if not 1 <= len(findings) <= MOST:
        raise ServiceError("ValidationError", f"Findings must have 1 to {MOST} elements, not {len(findings)}")
    failed = [error for finding in findings if (error := _import(call, hub, finding)) is not None]
    return {"FailedCount": len(failed), "SuccessCount": len(findings) - len(failed), "FailedFindings": failed}


def get_findings(call: Call) -> Answer:
    """Give the findings that the filters leave, page by page. Only filters that compare texts as EQUALS are known here."""
    findings = [finding for finding in _hub(call).findings.values() if _fits(finding, call.parameters.get("Filters", {}))]
    page, token = page_of(call, findings, most=call.parameters.get("MaxResults", MOST))
    return {"Findings": list(page)} | ({} if token is None else {"NextToken": token})


def _hub(call: Call) -> Hub:
    hub = receivers_of(call.world).hubs.get((call.account.id, call.region))
    if hub is None:
        raise ServiceError("InvalidAccessException", f"Account {call.account.id} is not subscribed to AWS Security Hub")
    return hub


def _import(call: Call, hub: Hub, finding: Finding) -> dict[str, str] | None:
    problem = _problem(call, finding)
    code = hub.failing.get(finding["Id"])
    if problem is not None or code is not None:
        code = code or "InvalidInput"
        return {"Id": finding["Id"], "ErrorCode": code, "ErrorMessage": problem or "The finding was not imported."}
    key = (finding["ProductArn"], finding["Id"])
    known = hub.findings.get(key)
    if known is None:
        hub.findings[key] = finding
    elif finding["UpdatedAt"] > known["UpdatedAt"]:
        kept = {name: known[name] for name in _CUSTOMERS_OWN if name in known}
        changed = {name: value for name, value in finding.items() if name not in _CUSTOMERS_OWN}
        hub.findings[key] = changed | kept
    return None


def _problem(call: Call, finding: dict[str, Any]) -> str | None:
    account, region = call.account, call.region
    product = f"arn:{account.partition}:securityhub:{region}:{account.id}:product/{account.id}/default"
    status = finding.get("Compliance", {}).get("Status", "PASSED")
    checks = (
        (finding["AwsAccountId"] != account.id, f"AwsAccountId is not that of the caller, {account.id}"),
        (finding["ProductArn"] != product, f"ProductArn is not {product}"),
        (finding["SchemaVersion"] != "2018-10-08", "SchemaVersion is not 2018-10-08"),
        (not finding.get("Types") and not finding.get("FindingProviderFields", {}).get("Types"), "Types is missing"),
        ("Severity" not in finding and "FindingProviderFields" not in finding, "Severity is missing"),
        (not 1 <= len(finding["Resources"]) <= 32, "Resources must have 1 to 32 elements"),
        (status not in _STATUSES, "Compliance.Status is none of its values"),
        (len(json.dumps(finding)) > _MOST_BYTES, "the finding is larger than 240 KB"),
    )
    return next((text for applies, text in checks if applies), None)


def _fits(finding: Finding, filters: dict[str, list[dict[str, Any]]]) -> bool:
    return all(any(finding.get(name) == one.get("Value") for one in wanted) for name, wanted in filters.items())


def product_resource(call: Call) -> str:
    """Name the default product, as denials do (Service Authorization Reference, AWS Security Hub)."""
    return f"arn:{call.account.partition}:securityhub:{call.region}:{call.account.id}:product/{call.account.id}/default"


def hub_resource(call: Call) -> str:
    """Name the hub, as denials do."""
    return f"arn:{call.account.partition}:securityhub:{call.region}:{call.account.id}:hub/default"

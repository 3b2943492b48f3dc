"""GenerateCredentialReport, GetCredentialReport (IAM API reference; IAM User Guide, "Credential report")."""

from typing import Final

from rootsweep.emulator.errors import ServiceError
from rootsweep.emulator.operations.call import Answer, Call, moment
from rootsweep.emulator.state.account import Report
from rootsweep.emulator.state.credential_report import write_report

REPORT_LIFE: Final = 4 * 3600
"""Seconds that a report is kept before a new one can be made: four hours."""


def generate_credential_report(call: Call) -> Answer:
    """Start a report, unless one is being made or is less than four hours old.

    Assumption: the age counts from GeneratedTime.
    """
    account, report = call.account, call.account.report
    if report is not None and report.ready_at > call.now:
        return {"State": "INPROGRESS"}
    if report is not None and call.now - report.started_at < REPORT_LIFE:
        return {"State": "COMPLETE"}
    content = write_report(call.world, account, call.now)
    account.report = Report(call.now, call.now + account.report_seconds, content)
    return {"State": "STARTED", "Description": "No report exists. Starting a new report generation task"}


def get_credential_report(call: Call) -> Answer:
    """Give the kept report: its bytes survive changes to the account.

    Assumption: GeneratedTime is when the report was asked for. ReportInProgress comes without a text (captured AWS answers,
    commercial partition, September 2026).
    """
    report = call.account.report
    if report is None:
        raise ServiceError("ReportNotPresent", "No report is present. Generate one with GenerateCredentialReport.")
    if report.ready_at > call.now:
        raise ServiceError("ReportInProgress", None)
    if call.now - report.started_at >= REPORT_LIFE:
        raise ServiceError("ReportExpired", "The most recent credential report has expired. Generate a new one.")
    return {"Content": report.content, "ReportFormat": "text/csv", "GeneratedTime": moment(report.started_at)}

"""What each error of AWS, of the network and of the credentials becomes."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from rootsweep.aws.iam import generate_credential_report, get_account_summary, get_credential_report
from rootsweep.aws.pacing import within
from rootsweep.aws.session import SessionOptions, open_session
from rootsweep.aws.session_account import Role
from rootsweep.aws.sts import assume_role, assume_root, get_caller_identity
from rootsweep.core.answer import Answer, Refusal
from rootsweep.core.evidence import Denial, Source, UnavailableReason
from rootsweep_emulator import Body, Credentials, DenyAccess, Emulator, Omit, Refuse, Reset, Rule, ServiceControlDeny
from tests.live import access_of, access_with, now, open_emulated, root_session_access

Reason = UnavailableReason


def refusal_of(emulator: Emulator, rule: Rule) -> Refusal:
    emulator.control.add_fault(rule)
    outcome = get_account_summary(open_emulated(emulator), access_of(emulator, "clean"))
    assert isinstance(outcome, Refusal)
    return outcome


@pytest.mark.parametrize(
    ("code", "status", "reason"),
    [
        ("Throttling", 400, Reason.THROTTLED),
        ("ExpiredToken", 403, Reason.CREDENTIALS_EXPIRED),
        ("ExpiredTokenException", 400, Reason.CREDENTIALS_EXPIRED),
        ("InvalidClientTokenId", 403, Reason.CREDENTIALS_INVALID),
        ("UnrecognizedClientException", 400, Reason.CREDENTIALS_INVALID),
        ("SignatureDoesNotMatch", 403, Reason.CREDENTIALS_INVALID),
        ("InternalFailure", 500, Reason.SERVICE_FAILURE),
        ("ServiceUnavailable", 503, Reason.SERVICE_FAILURE),
        ("ReportInProgress", 404, Reason.REPORT_NOT_READY),
        ("LimitExceeded", 409, Reason.REPORT_LIMIT_EXCEEDED),
        ("InvalidAction", 400, Reason.SERVICE_FAILURE),
        ("NotImplemented", 501, Reason.SERVICE_FAILURE),
        ("UnknownOperationException", 501, Reason.SERVICE_FAILURE),
        ("NeverSeenBefore", 418, Reason.SERVICE_FAILURE),
        ("AccessDenied", 403, Reason.ACCESS_DENIED),
    ],
)
def test_error_codes(demo: Emulator, code: str, status: int, reason: Reason) -> None:
    refusal = refusal_of(demo, Rule(Refuse(code, "as it happens", status), "iam"))
    assert (refusal.reason, refusal.error_code) == (reason, code)
    assert refusal.origin.api_call == "iam:GetAccountSummary"
    assert refusal.origin.request_id
    assert refusal.origin.observed_at
    assert refusal.problem
    assert refusal.as_evidence(Source.ACCOUNT_SUMMARY).advice == refusal.advice


@pytest.mark.parametrize(
    "effect", [Reset(), Reset(acted=True), Refuse("InternalFailure", status=500), Refuse("Throttling", "Rate exceeded")]
)
def test_passing_troubles_are_tried_again_five_times(demo: Emulator, effect: Reset | Refuse) -> None:
    demo.control.add_fault(Rule(effect, "iam", times=4))
    outcome = get_account_summary(open_emulated(demo), access_of(demo, "clean"))
    assert isinstance(outcome, Answer)
    assert demo.control.calls("iam", "GetAccountSummary") == 5


@pytest.mark.parametrize(
    "effect",
    [
        Refuse("InvalidAction"),
        Refuse("NotImplemented", status=501),
        Refuse("UnknownOperationException", status=501),
        Body(b"", 501),
        Body(b"<html>Not Implemented</html>", 501),
    ],
    ids=repr,
)
def test_an_unknown_operation_is_final(demo: Emulator, effect: Refuse | Body) -> None:
    demo.control.add_fault(Rule(effect, "iam"))
    with within(60.0):
        refusal = get_account_summary(open_emulated(demo), access_of(demo, "clean"))
    assert isinstance(refusal, Refusal)
    assert refusal.problem == "the endpoint does not know iam:GetAccountSummary"
    assert demo.control.calls("iam", "GetAccountSummary") == 1


def test_a_connection_that_is_always_lost(demo: Emulator) -> None:
    refusal = refusal_of(demo, Rule(Reset(), "iam"))
    assert (refusal.reason, refusal.error_code) == (Reason.UNREACHABLE, None)


def test_a_missing_permission_is_named(demo: Emulator) -> None:
    refusal = refusal_of(demo, Rule(DenyAccess(), "iam"))
    assert refusal.reason is Reason.ACCESS_DENIED
    assert refusal.advice == "allow iam:GetAccountSummary on * to arn:aws:iam::111122223333:user/auditor"


ROLE_SESSION = "arn:aws:sts::111122223333:assumed-role/Audit./rootsweep-audit"
DENIED_ROLE = f"User: {ROLE_SESSION} is not authorized to perform: iam:GetAccountSummary on resource: *"


@pytest.mark.parametrize(
    ("text", "denial", "words"),
    [
        (DENIED_ROLE, Denial(ROLE_SESSION, "iam:GetAccountSummary", "*"), "to role Audit. of account 111122223333"),
        ("Access denied. Ask Bob.", Denial(None, "iam:GetAccountSummary", None), "allow iam:GetAccountSummary to the caller"),
        ("", Denial(None, "iam:GetAccountSummary", None), "allow iam:GetAccountSummary to the caller"),
    ],
)
def test_a_denial_is_kept_as_data(demo: Emulator, text: str, denial: Denial, words: str) -> None:
    refusal = refusal_of(demo, Rule(Refuse("AccessDenied", text), "iam"))
    assert (refusal.reason, refusal.denial) == (Reason.ACCESS_DENIED, denial)
    assert refusal.as_evidence(Source.ACCOUNT_SUMMARY).denial == denial
    assert refusal.advice.endswith(words)


@pytest.mark.parametrize("text", [None, "Roles may not be assumed by root accounts."])
def test_the_role_that_was_asked_for_is_known_whatever_aws_says(organization: Emulator, member: str, text: str | None) -> None:
    role = Role(member, "aws", "audit/Missing.")
    if text is not None:
        organization.control.add_fault(Rule(Refuse("AccessDenied", text), "sts", "AssumeRole"))
    refusal = assume_role(open_emulated(organization), access_of(organization, "security"), role, None)
    assert isinstance(refusal, Refusal)
    assert refusal.reason is Reason.ROLE_NOT_ASSUMABLE
    assert refusal.denial is not None
    assert (refusal.denial.resource, refusal.denial.role_asked_for) == (role.arn, role.name)
    assert refusal.advice.startswith(f"create the role {role.arn}, ")


def test_the_root_user_that_was_asked_for_is_known_whatever_aws_says(organization: Emulator, member: str) -> None:
    organization.control.add_fault(Rule(Refuse("AccessDenied", "No."), "sts", "AssumeRoot"))
    refusal = assume_root(open_emulated(organization), access_of(organization, "security"), member, "aws")
    assert isinstance(refusal, Refusal)
    assert refusal.denial == Denial(None, "sts:AssumeRoot", f"arn:aws:iam::{member}:root")
    assert f"allow sts:AssumeRoot on arn:aws:iam::{member}:root to the caller" in refusal.advice


def test_a_denying_policy_of_the_organization_is_named(demo: Emulator) -> None:
    refusal = refusal_of(demo, Rule(DenyAccess(by_service_control_policy=True), "iam"))
    assert refusal.reason is Reason.DENIED_BY_SERVICE_CONTROL_POLICY
    assert "let the service control policy spare iam:GetAccountSummary" in refusal.advice


def test_a_policy_that_breaks_root_sessions_is_told_how_to_spare_them(organization: Emulator, member: str) -> None:
    organization.control.set_service_control_denies(member, ServiceControlDeny())
    refusal = get_account_summary(open_emulated(organization), root_session_access(organization, member))
    assert isinstance(refusal, Refusal)
    assert refusal.reason is Reason.DENIED_BY_SERVICE_CONTROL_POLICY
    assert '"Null": {"aws:AssumedRoot": "true"}' in refusal.advice


def test_an_absent_flag_is_not_zero(demo: Emulator) -> None:
    demo.control.add_fault(Rule(Omit(("SummaryMap", "AccountAccessKeysPresent")), "iam"))
    outcome = get_account_summary(open_emulated(demo), access_of(demo, "active"))
    assert isinstance(outcome, Answer)
    assert outcome.value is None


def test_an_answer_without_what_it_should_hold(demo: Emulator) -> None:
    demo.control.make_report("clean")
    demo.control.add_fault(Rule(Omit(("Content",)), "iam"))
    outcome = get_credential_report(open_emulated(demo), access_of(demo, "clean"))
    assert isinstance(outcome, Refusal)
    assert outcome.reason is Reason.UNUSABLE_ANSWER


def test_a_report_that_is_not_there(demo: Emulator) -> None:
    session, access = open_emulated(demo), access_of(demo, "both")
    refusal = get_credential_report(session, access)
    assert isinstance(refusal, Refusal)
    assert (refusal.reason, refusal.error_code) == (Reason.REPORT_NOT_READY, "ReportNotPresent")
    started = generate_credential_report(session, access)
    assert isinstance(started, Answer)
    assert started.value == "STARTED"


@pytest.mark.parametrize(("seconds", "direction"), [(3600, "60 minutes behind"), (-1800, "30 minutes ahead of")])
def test_a_clock_that_is_off(demo: Emulator, seconds: int, direction: str) -> None:
    demo.control.skew(seconds)
    refusal = get_caller_identity(open_emulated(demo), access_of(demo, "clean"))
    assert isinstance(refusal, Refusal)
    assert refusal.reason is Reason.CLOCK_OFF
    assert direction in refusal.problem


def test_a_wrong_secret(demo: Emulator) -> None:
    key_id, _, _ = demo.credentials("clean")
    refusal = get_caller_identity(open_emulated(demo), access_with(Credentials(key_id, "wrong")))
    assert isinstance(refusal, Refusal)
    assert (refusal.reason, refusal.error_code) == (Reason.CREDENTIALS_INVALID, "SignatureDoesNotMatch")


def test_evidence_is_dated_by_the_clock_of_aws(demo: Emulator) -> None:
    demo.control.advance(7200)
    session = open_emulated(demo)
    answer = get_account_summary(session, access_of(demo, "clean"))
    assert isinstance(answer, Answer)
    assert answer.origin.observed_at is not None
    assert 7190 < (answer.origin.observed_at - now()).total_seconds() < 7210
    assert session.clock.now() >= answer.origin.observed_at


@contextmanager
def web_server(status: int, body: bytes) -> Iterator[str]:
    """Serve the same page for every request, as a captive portal does."""

    class Page(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Page) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("status", [200, 302, 403, 404])
@pytest.mark.parametrize("body", [b"<html><body>Sign in<br></body></html>", b"", b"{}", b"<html/>"])
def test_an_endpoint_that_is_no_aws(status: int, body: bytes) -> None:
    with web_server(status, body) as endpoint:
        session = open_session(SessionOptions(endpoint=endpoint), now)
        refusal = get_caller_identity(session, access_with(Credentials("AKIAIOSFODNN7EXAMPLE", "secret")))
    assert isinstance(refusal, Refusal)
    assert refusal.reason is Reason.UNUSABLE_ANSWER
    assert "does not answer as AWS does" in refusal.problem or "cannot be used" in refusal.problem


def test_no_network() -> None:
    session = open_session(SessionOptions(endpoint="http://127.0.0.1:1"), now)
    refusal = get_caller_identity(session, access_with(Credentials("AKIAIOSFODNN7EXAMPLE", "secret")))
    assert isinstance(refusal, Refusal)
    assert refusal.reason is Reason.UNREACHABLE


@pytest.mark.parametrize(
    ("option", "profile", "expected"),
    [(None, None, "standard"), ("legacy", None, "legacy"), ("legacy", "adaptive", "adaptive"), (None, "legacy", "legacy")],
)
def test_the_retry_mode_is_the_profile_s_else_the_option_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str | None, profile: str | None, expected: str
) -> None:
    config = tmp_path / "config"
    config.write_text("[default]\n" + (f"retry_mode = {profile}\n" if profile else ""))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.delenv("AWS_RETRY_MODE", raising=False)
    session = open_session(SessionOptions(retry_mode=option), now)
    assert session.client("iam", "us-east-1").meta.config.retries == {"mode": expected, "total_max_attempts": 5}

"""``rootsweep audit --send``: what was found reaches where it was asked to, and nothing else."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from rootsweep_emulator import Emulator, Refuse, Rule
from tests.cli.command_line import CommandLine, Outcome
from tests.delivery.https_server import Receiver, Reply, receiver
from tests.receivers import Receiving

pytestmark = pytest.mark.usefixtures("history_of_its_own")

SECRET = "a secret of some length"
SUMMARY = '{"SummaryMap": {"AccountAccessKeysPresent": %d}}'
SWEEP = ("audit", "--organization", "--role-name", "RootAudit", "--format", "json", "--quiet", "--timeout", "20s")


@pytest.fixture(name="authority", scope="module")
def certificate_authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(autouse=True)
def trusted_authority(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    for name in [name for name in os.environ if name.startswith("ROOTSWEEP_") or name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)


@pytest.fixture(name="server")
def web_server(authority: trustme.CA, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with receiver(authority) as server:
        monkeypatch.setenv("ROOTSWEEP_SLACK_WEBHOOK_URL", server.url)
        monkeypatch.setenv("ROOTSWEEP_WEBHOOK_URL", server.url)
        monkeypatch.setenv("ROOTSWEEP_WEBHOOK_SECRET", SECRET)
        yield server


@pytest.fixture(name="audit")
def audit_of_saved_evidence(rootsweep: CommandLine) -> Callable[..., Outcome]:
    """Audit a clean account and one with as many keys as is said, and see that no secret comes out."""

    def audit(*arguments: str, keys: int = 1) -> Outcome:
        clean = rootsweep.save("evidence/111122223333.json", SUMMARY % 0)
        keyed = rootsweep.save("evidence/222233334444.json", SUMMARY % keys)
        outcome = rootsweep("audit", "--from", clean, keyed, "--format", "json", *arguments)
        assert "s3cr3t" not in outcome.out + outcome.err
        assert SECRET not in outcome.out + outcome.err
        return outcome

    return audit


Audit = Callable[..., Outcome]


def test_nothing_is_sent_where_nothing_is_asked_for(audit: Audit, server: Receiver) -> None:
    outcome = audit()
    assert (outcome.code, outcome.err, server.received) == (1, "", [])


def test_both_webhooks_get_what_is_new(audit: Audit, server: Receiver) -> None:
    outcome = audit("--send", "slack", "--send", "webhook")
    assert outcome.code == 1
    assert sorted(outcome.err.splitlines()) == ["rootsweep: sent to slack: 1 account", "rootsweep: sent to webhook: 1 account"]
    assert outcome.verdicts == {"111122223333": "COMPLIANT", "222233334444": "NON_COMPLIANT"}
    bodies = [json.loads(one.body) for one in server.received]
    (webhook,) = [body for body in bodies if "accounts" in body]
    assert webhook["changes"] == [{"account_id": "222233334444", "name": None, "change": "new"}]
    assert len([body for body in bodies if "blocks" in body]) == 1


def test_the_next_run_tells_changes_alone(audit: Audit, server: Receiver) -> None:
    send = ("--send", "webhook", "--quiet")
    assert audit(*send).code == 1
    assert len(server.received) == 1
    assert (audit(*send).code, len(server.received)) == (1, 1)
    assert (audit(*send, keys=0).code, len(server.received)) == (0, 2)
    assert audit(*send, keys=1).code == 1
    told = [json.loads(one.body)["changes"] for one in server.received]
    assert [[one["change"] for one in changes] for changes in told] == [["new"], ["fixed"], ["reappeared"]]
    assert json.loads(server.received[1].body)["previous_run_at"] is not None


def test_no_news_is_said(audit: Audit, server: Receiver) -> None:
    outcome = audit("--send", "slack", keys=0)
    assert (outcome.code, outcome.err) == (0, "rootsweep: nothing to send to slack: nothing has changed\n")
    assert server.received == []


def test_everything_is_sent_where_that_is_asked_for(audit: Audit, server: Receiver) -> None:
    assert audit("--send", "webhook", "--send-all", keys=0).code == 0
    changes = json.loads(server.received[0].body)["changes"]
    assert [one["change"] for one in changes] == ["listed", "listed"]


@pytest.mark.parametrize(("required", "keys", "code"), [(False, 0, 0), (False, 1, 1), (True, 0, 4), (True, 1, 4)])
def test_a_failed_delivery_is_told_and_counts_where_it_is_required(
    audit: Audit, server: Receiver, required: bool, keys: int, code: int
) -> None:
    server.behaviours[:] = [Reply(404, b"no_service")]
    outcome = audit("--send", "slack", "--send-all", *(["--send-required"] if required else []), keys=keys)
    assert (outcome.code, outcome.err) == (code, "rootsweep: not sent to slack: the webhook was revoked; make another\n")
    assert len(outcome.verdicts) == 2


def test_one_that_fails_keeps_none_of_the_others(audit: Audit, server: Receiver) -> None:
    outcome = audit("--send", "sns:arn:aws:sns:us-east-1:111122223333:none", "--send", "slack", "--send-required")
    assert outcome.code == 4
    assert "not sent to sns:arn:aws:sns:us-east-1:111122223333:none: no AWS credentials were found" in outcome.err
    assert "sent to slack: 1 account" in outcome.err
    assert len(server.received) == 1


def test_evidence_that_is_none_is_not_sent(rootsweep: CommandLine, server: Receiver) -> None:
    outcome = rootsweep("audit", "--from", rootsweep.save("notes.txt", "hello"), "--send", "slack")
    assert outcome.code == 2
    assert "nothing was sent" in outcome.err
    assert server.received == []


def test_a_certificate_that_is_not_trusted_lets_nothing_out(audit: Audit, monkeypatch: pytest.MonkeyPatch) -> None:
    with receiver(trustme.CA()) as server:
        monkeypatch.setenv("ROOTSWEEP_SLACK_WEBHOOK_URL", server.url)
        outcome = audit("--send", "slack")
    assert f"not sent to slack: the certificate of {server.place} is not trusted" in outcome.err
    assert server.received == []


@pytest.mark.parametrize("variable", ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"])
def test_the_bundles_of_other_tools_are_trusted(
    audit: Audit, server: Receiver, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, os.environ["SSL_CERT_FILE"])
    monkeypatch.delenv("SSL_CERT_FILE")
    assert "sent to slack: 1 account" in audit("--send", "slack").err
    assert len(server.received) == 1


def test_a_proxy_of_the_environment_is_used(audit: Audit, server: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "localhost")
    assert "sent to slack: 1 account" in audit("--send", "slack").err
    assert len(server.received) == 1


def test_secrets_come_from_files_too(
    audit: Audit, rootsweep: CommandLine, server: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ROOTSWEEP_SLACK_WEBHOOK_URL", "ROOTSWEEP_WEBHOOK_URL", "ROOTSWEEP_WEBHOOK_SECRET"):
        monkeypatch.delenv(name)
    url, secret = rootsweep.save("url", server.url + "\n"), rootsweep.save("secret", f"  {SECRET}\r\n")
    files = ("--slack-webhook-file", url, "--webhook-url-file", url, "--webhook-secret-file", secret)
    assert audit("--send", "slack", "--send", "webhook", "--send-required", *files).code == 1
    assert len(server.received) == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--send", "email:me"), "this is no destination"),
        (("--send", "sns:audits"), "sns takes the ARN of a topic"),
        (("--send", "s3://B"), "s3 takes a bucket"),
        (("--send", "https://localhost/s3cr3t"), "this is no destination"),
        (("--send", "webhook:https://localhost/s3cr3t"), "never from --send"),
        (("--send", "slack"), "ROOTSWEEP_SLACK_WEBHOOK_URL is not set"),
        (("--send", "webhook"), "ROOTSWEEP_WEBHOOK_URL is not set"),
        (("--send", "slack", "--slack-webhook-file", "missing"), "the file of --slack-webhook-file cannot be read"),
        (("--send-all",), "--send-all goes with --send"),
        (("--send-required",), "--send-required goes with --send"),
        (("--send", "securityhub", "--organization"), "name a role"),
        (("--send", "securityhub", "--access", "root-session", "--account", "111122223333"), "name a role"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_read(
    rootsweep: CommandLine, arguments: tuple[str, ...], words: str
) -> None:
    outcome = rootsweep("audit", *arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert words in " ".join(outcome.err.split())
    assert "s3cr3t" not in outcome.err


def test_a_settings_file_can_say_where_to(
    audit: Audit, rootsweep: CommandLine, server: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    rootsweep.save("rootsweep.toml", '[audit]\nsend = ["slack", "webhook"]\nsend-required = true\n')
    monkeypatch.chdir(rootsweep.folder)
    assert audit("--quiet").code == 1
    assert len(server.received) == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("http://localhost/s3cr3t", "it is not a URL that begins with https://"),
        ("s3cr3t", "it is not a URL"),
        ("", "is empty"),
        ("s3cr3t" * 2000, "too long"),
        ("https://user:s3cr3t@localhost/", "a user name or a password"),
    ],
)
def test_a_secret_that_makes_no_sense_is_not_repeated(audit: Audit, rootsweep: CommandLine, content: str, words: str) -> None:
    outcome = audit("--send", "slack", "--slack-webhook-file", rootsweep.save("url", content))
    assert (outcome.code, words in outcome.err) == (2, True)


def test_a_short_secret_is_refused(audit: Audit, server: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROOTSWEEP_WEBHOOK_SECRET", "short")
    outcome = audit("--send", "webhook")
    assert (outcome.code, "a secret of 5 bytes is too short" in outcome.err) == (2, True)
    assert server.received == []


@pytest.fixture(name="receiving")
def what_an_organization_receives(organization: Emulator, call_as: Callable[[Emulator, str], None]) -> Receiving:
    """Let every account have a hub and a role that may import, and the management account a topic, a bus and a bucket."""
    receiving = Receiving(organization.world)
    actions = ("securityhub:BatchImportFindings", "sns:Publish", "events:PutEvents", "s3:PutObject")
    for account in organization.world.accounts.values():
        receiving.enable_security_hub(account.id, "us-east-1")
        organization.control.set_role_actions(account.id, "RootAudit", "iam:*", actions[0])
    receiving.permit("management", *actions)
    receiving.create_bucket("management", "audit-archive")
    call_as(organization, "management")
    return receiving


def destinations(receiving: Receiving) -> tuple[list[str], str, str]:
    topic = receiving.create_topic("management", "audits", "us-east-1")
    bus = receiving.create_event_bus("management", "audits", "us-east-1")
    return [f"sns:{topic}", f"eventbridge:{bus}", "s3://audit-archive/runs"], topic, bus


def statuses(receiving: Receiving, emulator: Emulator) -> dict[str, Any]:
    found = {}
    for account_id in emulator.world.accounts:
        for one in receiving.findings(account_id, "us-east-1"):
            assert account_id not in found, "a finding is doubled"
            found[account_id] = one["Compliance"]["Status"]
    return found


def test_an_organization_s_findings_reach_every_service(
    organization: Emulator, receiving: Receiving, rootsweep: CommandLine
) -> None:
    names, topic, bus = destinations(receiving)
    send = [word for name in (*names, "securityhub") for word in ("--send", name)]
    member = organization.world.account("workload-00001").id
    key = organization.control.create_root_key(member)
    first = rootsweep(*SWEEP, *send)
    delegate = organization.world.account("security").id
    assert first.code == 1
    assert first.err == (
        f"rootsweep: not sent to securityhub: 1 of 45 findings not imported: account {delegate}: {first.err.split(': ', 4)[4]}"
    )
    assert statuses(receiving, organization)[member] == "FAILED"
    organization.control.delete_root_key(member, key)
    organization.control.advance(5 * 3600)
    second = rootsweep(*SWEEP, *send)
    assert second.code == 0
    assert set(statuses(receiving, organization).values()) == {"PASSED"}
    assert len(statuses(receiving, organization)) == 44
    assert len(receiving.publications(topic)) == 2
    details = [json.loads(one["Detail"]) for one in receiving.events(bus)]
    assert [(one["account_id"], one["change"]) for one in details] == [(member, "new"), (member, "fixed")]
    assert len(receiving.objects("audit-archive")) == 2


def test_services_that_refuse_are_told_once_each(organization: Emulator, receiving: Receiving, rootsweep: CommandLine) -> None:
    names, _, _ = destinations(receiving)
    for service in ("sns", "events", "s3"):
        organization.control.add_fault(Rule(Refuse("AccessDenied"), service))
    send = [word for name in names for word in ("--send", name)]
    outcome = rootsweep(*SWEEP, "--send-all", "--send-required", *send)
    assert outcome.code == 4
    assert len(outcome.err.splitlines()) == 3
    assert all(line.startswith("rootsweep: not sent to ") for line in outcome.err.splitlines())

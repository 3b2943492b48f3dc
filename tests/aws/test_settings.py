"""What the settings of AWS's SDK do here: each row of docs/aws-settings.md that a client can show."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from rootsweep.aws.session import Session, SessionOptions, open_session
from rootsweep.errors import CannotRunError

Opened = Callable[..., Session]


@pytest.fixture(name="opened")
def opened_in_an_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Opened:
    """Give the function that opens a session where nothing but these variables and this configuration file is set."""

    def opened(config: str = "", **variables: str) -> Session:
        (tmp_path / "config").write_text(f"[default]\n{config}\n")
        monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return open_session(SessionOptions(), lambda: datetime.now(UTC))

    return opened


def endpoint(session: Session, service: str, region: str = "us-east-1") -> str:
    url: str = session.client(service, region).meta.endpoint_url
    return url


@pytest.mark.parametrize(
    ("variables", "region"),
    [({}, "us-east-1"), ({"AWS_REGION": "eu-west-1"}, "eu-west-1"), ({"AWS_DEFAULT_REGION": "eu-north-1"}, "eu-north-1")],
)
def test_the_region(opened: Opened, variables: dict[str, str], region: str) -> None:
    if variables.get("AWS_REGION"):
        variables = {**variables, "AWS_DEFAULT_REGION": variables["AWS_REGION"]}
    assert opened(**variables).region == region


def test_endpoints_of_a_kind(opened: Opened) -> None:
    assert endpoint(opened(AWS_USE_FIPS_ENDPOINT="true"), "sts") == "https://sts-fips.us-east-1.amazonaws.com"


def test_endpoints_of_two_internets(opened: Opened) -> None:
    assert endpoint(opened("use_dualstack_endpoint = true"), "sts").endswith(".api.aws")


@pytest.mark.parametrize("config", ["", "sts_regional_endpoints = legacy"])
def test_sts_is_asked_in_the_region(opened: Opened, config: str) -> None:
    session = opened(config, AWS_STS_REGIONAL_ENDPOINTS="legacy")
    assert endpoint(session, "sts") == "https://sts.us-east-1.amazonaws.com"


def test_an_endpoint_of_one_service(opened: Opened) -> None:
    session = opened(AWS_ENDPOINT_URL_IAM="http://127.0.0.1:1")
    assert (endpoint(session, "iam"), endpoint(session, "sts")) == (
        "http://127.0.0.1:1",
        "https://sts.us-east-1.amazonaws.com",
    )


def test_configured_endpoints_are_ignored_on_request(opened: Opened) -> None:
    session = opened("endpoint_url = http://127.0.0.1:1", AWS_IGNORE_CONFIGURED_ENDPOINT_URLS="true")
    assert endpoint(session, "sts") == "https://sts.us-east-1.amazonaws.com"


@pytest.mark.parametrize(("given", "tries"), [("9", 9), ("2", 5)])
def test_tries_are_five_at_least(opened: Opened, given: str, tries: int) -> None:
    retries = opened(AWS_MAX_ATTEMPTS=given).client("iam", "us-east-1").meta.config.retries
    assert retries["total_max_attempts"] == tries


@pytest.mark.parametrize(("content", "words"), [(None, "cannot be read"), ("nothing", "is not a file of PEM certificates")])
def test_a_bundle_of_certificates_that_is_none_is_told(opened: Opened, tmp_path: Path, content: str | None, words: str) -> None:
    bundle = tmp_path / "bundle.pem"
    if content is not None:
        bundle.write_text(content)
    with pytest.raises(CannotRunError, match=words) as caught:
        opened(AWS_CA_BUNDLE=str(bundle))
    assert "AWS_CA_BUNDLE" in caught.value.advice


def test_a_bundle_of_certificates_is_used(opened: Opened, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.pem"
    trustme.CA().cert_pem.write_to_path(str(bundle))
    assert opened(AWS_CA_BUNDLE=str(bundle)).certificates == str(bundle)

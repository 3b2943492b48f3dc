"""Secrets show nowhere, and credentials are swapped for one call only."""

import configparser
from collections.abc import Callable

import pytest
from botocore.credentials import Credentials, ReadOnlyCredentials
from botocore.exceptions import EndpointConnectionError, NoCredentialsError

from rootsweep.aws.credentials import (
    AnotherAccountError,
    CredentialsNotHadError,
    SessionCredentials,
    SwappedCredentials,
    signing_with,
)
from tests.key_ids import key_id_of

OWN = Credentials("AKIAOWN", "own secret", "own token")
OTHER = SessionCredentials("ASIAOTHER", "hidden secret", "hidden token")


def test_no_text_shows_a_secret() -> None:
    for text in (repr(OTHER), str(OTHER), f"{OTHER}"):
        assert "hidden" not in text
        assert "ASIAOTHER" in text


def test_credentials_are_swapped_within_the_context_alone() -> None:
    swapped = SwappedCredentials(lambda: OWN)
    assert swapped.get_frozen_credentials().access_key == "AKIAOWN"
    with signing_with(OTHER):
        inside = swapped.get_frozen_credentials()
        assert (inside.access_key, inside.secret_key, inside.token) == ("ASIAOTHER", "hidden secret", "hidden token")
        with signing_with(None):
            assert swapped.get_frozen_credentials().access_key == "AKIAOWN"
        assert swapped.get_frozen_credentials().access_key == "ASIAOTHER"
    assert swapped.get_frozen_credentials().access_key == "AKIAOWN"


def test_an_error_within_the_context_swaps_back() -> None:
    swapped = SwappedCredentials(lambda: OWN)
    with pytest.raises(ZeroDivisionError), signing_with(OTHER):
        _ = 1 / 0
    assert swapped.get_frozen_credentials().access_key == "AKIAOWN"


def test_own_credentials_that_are_renewed_for_another_account_sign_nothing() -> None:
    held = [key_id_of("111122223333", 1), key_id_of("111122223333", 2), key_id_of("444455556666"), key_id_of("111122223333")]
    renewed = iter(held)
    swapped = SwappedCredentials(lambda: Credentials(next(renewed), "secret"))
    assert [swapped.get_frozen_credentials().access_key for _ in range(2)] == held[:2]
    with pytest.raises(AnotherAccountError):
        swapped.get_frozen_credentials()
    assert swapped.get_frozen_credentials().access_key == held[3]


def test_own_credentials_of_the_old_generation_are_of_any_account() -> None:
    renewed = iter(["AKIAIOSFODNN7EXAMPLE", key_id_of("111122223333"), "AKIAIOSFODNN7EXAMPLE"])
    swapped = SwappedCredentials(lambda: Credentials(next(renewed), "secret"))
    assert len([swapped.get_frozen_credentials() for _ in range(3)]) == 3


class Renewed(Credentials):
    """Credentials that fail to renew themselves."""

    def __init__(self, error: Exception) -> None:
        super().__init__("AKIAOWN", "secret")
        self._error = error

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        raise self._error


def raising(error: Exception) -> Callable[[], Credentials]:
    def load() -> Credentials:
        raise error

    return load


@pytest.mark.parametrize(
    "error",
    [
        FileNotFoundError(2, "No such file", "/opt/give-credentials"),
        EOFError(),
        RuntimeError("refreshed credentials are still expired"),
        ValueError("no JSON"),
        KeyError("Version"),
        configparser.ParsingError("config"),
        EndpointConnectionError(endpoint_url="https://sso"),
    ],
    ids=repr,
)
def test_whatever_fails_in_the_chain_is_one_error_and_shows_nothing_of_it(error: Exception) -> None:
    for own in (raising(error), lambda: Renewed(error)):
        swapped = SwappedCredentials(own)
        with pytest.raises(CredentialsNotHadError) as raised:
            swapped.get_frozen_credentials()
        assert "/opt" not in str(raised.value)
        with signing_with(OTHER):
            assert swapped.get_frozen_credentials().access_key == "ASIAOTHER"


def test_what_the_chain_tells_in_an_error_of_its_own_is_kept() -> None:
    with pytest.raises(NoCredentialsError):
        SwappedCredentials(raising(NoCredentialsError())).get_frozen_credentials()


def test_the_own_key_id_is_that_of_the_latest_own_call() -> None:
    held = iter(["AKIAFIRST", "AKIASECOND", "AKIATHIRD"])
    swapped = SwappedCredentials(lambda: Credentials(next(held), "secret"))
    assert swapped.own_key_id == "AKIAFIRST"
    swapped.get_frozen_credentials()
    assert (swapped.own_key_id, swapped.own_key_id) == ("AKIASECOND", "AKIASECOND")

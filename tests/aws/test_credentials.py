"""Secrets show nowhere, and credentials are swapped for one call only."""

import pytest
from botocore.credentials import Credentials

from rootsweep.aws.credentials import SessionCredentials, SwappedCredentials, signing_with

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

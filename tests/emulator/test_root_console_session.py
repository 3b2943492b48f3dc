"""A session of the root user's console may do what the root user may, and is no long-term key."""

from rootsweep_emulator import Emulator
from tests.emulator.clients import client, error_of


def test_it_is_the_root_user_and_may_change_its_keys(demo: Emulator) -> None:
    credentials = demo.control.root_console_session("both")
    assert credentials.access_key_id.startswith("ASIA")
    arn = client(demo, "sts", credentials).get_caller_identity()["Arn"]
    assert arn == "arn:aws:iam::444455556666:root"
    iam = client(demo, "iam", credentials)
    inactive, active = (key["AccessKeyId"] for key in iam.list_access_keys()["AccessKeyMetadata"])
    iam.update_access_key(AccessKeyId=active, Status="Inactive")
    iam.delete_access_key(AccessKeyId=inactive)
    assert [(key.id, key.status) for key in demo.control.root_keys("both")] == [(active, "Inactive")]


def test_it_ends(demo: Emulator) -> None:
    credentials = demo.control.root_console_session("both")
    demo.control.advance(3600)
    assert error_of(client(demo, "iam", credentials).list_access_keys)[0] == "ExpiredToken"

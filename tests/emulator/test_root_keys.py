"""What a root user does about its own access keys."""

import pytest

from rootsweep_emulator import Credentials, Emulator
from tests.emulator.clients import client, error_of

ROOT = "caller-is-root"
LOCKED_OUT = ("InvalidClientTokenId", "The security token included in the request is invalid.", 403)


@pytest.mark.parametrize("operation", ["delete_access_key", "update_access_key"])
def test_a_key_that_ends_itself_calls_nothing_more(demo: Emulator, operation: str) -> None:
    own = demo.credentials(ROOT)
    iam = client(demo, "iam", own)
    parameters = {"Status": "Inactive"} if operation == "update_access_key" else {}
    getattr(iam, operation)(AccessKeyId=own.access_key_id, **parameters)
    assert len(demo.control.root_keys(ROOT)) == len(parameters)
    assert error_of(iam.get_user) == LOCKED_OUT
    assert error_of(iam.update_access_key, AccessKeyId=own.access_key_id, Status="Active") == LOCKED_OUT
    assert error_of(client(demo, "sts", own).get_caller_identity) == LOCKED_OUT
    assert error_of(client(demo, "organizations", own).describe_organization)[0] == "UnrecognizedClientException"


def test_a_deactivated_key_calls_until_the_change_has_spread(demo: Emulator) -> None:
    demo.control.set_consistency_lag(30)
    own = demo.credentials(ROOT)
    iam = client(demo, "iam", own)
    iam.update_access_key(AccessKeyId=own.access_key_id, Status="Inactive")
    assert iam.get_user()["User"]
    demo.control.advance(31)
    assert error_of(iam.get_user) == LOCKED_OUT


def test_root_replaces_its_key(demo: Emulator) -> None:
    old = demo.credentials(ROOT)
    made = client(demo, "iam", old).create_access_key()["AccessKey"]
    assert (made["Status"], "UserName" in made) == ("Active", False)
    new = Credentials(made["AccessKeyId"], made["SecretAccessKey"])
    client(demo, "iam", new).delete_access_key(AccessKeyId=old.access_key_id)
    (left,) = client(demo, "iam", new).list_access_keys()["AccessKeyMetadata"]
    assert left["AccessKeyId"] == new.access_key_id
    assert error_of(client(demo, "iam", old).get_user) == LOCKED_OUT


def test_there_are_two_keys_at_most(demo: Emulator) -> None:
    iam = client(demo, "iam", ROOT)
    first, second = (key["AccessKeyId"] for key in (*iam.list_access_keys()["AccessKeyMetadata"], made(demo, ROOT)))
    expected = ("LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2", 409)
    assert error_of(iam.create_access_key) == expected
    iam.update_access_key(AccessKeyId=second, Status="Inactive")
    assert error_of(iam.create_access_key) == expected
    iam.delete_access_key(AccessKeyId=second)
    assert made(demo, ROOT)["AccessKeyId"] not in {first, second}


def test_users_get_keys(demo: Emulator) -> None:
    assert error_of(client(demo, "iam", "clean").create_access_key)[0] == "AccessDenied"
    demo.world.account("clean").users[0].actions = ("iam:*",)
    key = made(demo, "clean")
    assert key["UserName"] == "auditor"
    own = Credentials(key["AccessKeyId"], key["SecretAccessKey"])
    assert client(demo, "sts", own).get_caller_identity()["Arn"].endswith(":user/auditor")
    assert error_of(client(demo, "iam", "clean").create_access_key, UserName="nobody")[0] == "NoSuchEntity"


def made(emulator: Emulator, caller: str) -> dict[str, str]:
    key: dict[str, str] = client(emulator, "iam", caller).create_access_key()["AccessKey"]
    return key

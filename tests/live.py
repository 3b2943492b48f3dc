"""Sessions and accesses by which the tests reach an emulator, as ``rootsweep audit`` reaches AWS."""

from datetime import UTC, datetime

from rootsweep.aws.credentials import SessionCredentials
from rootsweep.aws.session import AccountAccess, Session, SessionOptions, open_session
from rootsweep.core.evidence import Access
from rootsweep_emulator import Credentials, Emulator
from tests.emulator.clients import root_session


def now() -> datetime:
    return datetime.now(UTC)


def open_emulated(emulator: Emulator, *, connections: int = 10) -> Session:
    return open_session(SessionOptions(endpoint=emulator.endpoint, connections=connections), now)


def access_with(credentials: Credentials, access: Access = Access.OWN, region: str = "us-east-1") -> AccountAccess:
    return AccountAccess(access, region, SessionCredentials(*credentials))


def access_of(emulator: Emulator, name: str, access: Access = Access.OWN) -> AccountAccess:
    """Give the access of a caller that the scenario names."""
    region = emulator.environment(name)["AWS_REGION"]
    return access_with(emulator.credentials(name), access, region)


def root_session_access(emulator: Emulator, account: str) -> AccountAccess:
    """Give the access of a root session in a member account."""
    return access_with(root_session(emulator, account), Access.ROOT_SESSION)

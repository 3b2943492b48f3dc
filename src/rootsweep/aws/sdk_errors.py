"""From an error of the SDK, which could not send a call or read its answer, to a refusal."""

from typing import Final

from botocore.exceptions import (
    BotoCoreError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    HTTPClientError,
    LoginError,
    MetadataRetrievalError,
    NoCredentialsError,
    PartialCredentialsError,
    ProxyConnectionError,
    ReadTimeoutError,
    SSLError,
    SSOError,
    TokenRetrievalError,
)
from botocore.parsers import ResponseParserError

from rootsweep.aws.answers import Refusal
from rootsweep.aws.credentials import AnotherAccountError, CredentialsNotHadError
from rootsweep.aws.error_table import CREDENTIALS_EXPIRED, NOT_AWS, Meaning
from rootsweep.aws.refusals import refuse
from rootsweep.aws.session import Session
from rootsweep.model.evidence import Origin, UnavailableReason

_NO_CREDENTIALS: Final = Meaning(
    UnavailableReason.CREDENTIALS_INVALID,
    "no AWS credentials were found",
    "sign in (`aws sso login{profile}`), name a profile with --profile, or judge saved evidence with --from",
)
_CREDENTIALS_NOT_HAD: Final = Meaning(
    UnavailableReason.CREDENTIALS_INVALID,
    "the AWS credentials cannot be had",
    "mend the profile, or what gives its credentials, until `aws sts get-caller-identity{profile}` works",
)
_ANOTHER_ACCOUNT: Final = Meaning(
    UnavailableReason.CREDENTIALS_INVALID,
    "the AWS credentials changed to another account during the run",
    "sign in to one account and start again",
)
_TIMED_OUT: Final = Meaning(
    UnavailableReason.TIMED_OUT,
    "no answer to {call} came in time",
    "audit again when the network is quicker",
)
_CERTIFICATE: Final = Meaning(
    UnavailableReason.UNREACHABLE,
    "the endpoint of {call} has a certificate that is not trusted",
    "set AWS_CA_BUNDLE where a proxy has a certificate of its own",
)
_PROXY: Final = Meaning(
    UnavailableReason.UNREACHABLE,
    "the proxy on the way to the endpoint of {call} does not answer",
    "check HTTPS_PROXY and NO_PROXY",
)
_NO_CONNECTION: Final = Meaning(
    UnavailableReason.UNREACHABLE,
    "the endpoint of {call} cannot be reached",
    "check the network, the Region ({region}) and AWS_ENDPOINT_URL",
)
_SETTINGS: Final = Meaning(
    UnavailableReason.UNREACHABLE,
    "AWS's SDK could not send {call}",
    "check the Region ({region}) and the other settings of the AWS SDK",
)

_MEANINGS: Final[tuple[tuple[tuple[type[Exception], ...], Meaning], ...]] = (
    ((ResponseParserError,), NOT_AWS),
    ((NoCredentialsError,), _NO_CREDENTIALS),
    ((AnotherAccountError,), _ANOTHER_ACCOUNT),
    ((TokenRetrievalError, SSOError, LoginError), CREDENTIALS_EXPIRED),
    (
        (CredentialsNotHadError, PartialCredentialsError, CredentialRetrievalError, MetadataRetrievalError),
        _CREDENTIALS_NOT_HAD,
    ),
    ((ReadTimeoutError,), _TIMED_OUT),
    ((SSLError,), _CERTIFICATE),
    ((ProxyConnectionError,), _PROXY),
    ((EndpointConnectionError, ConnectTimeoutError, HTTPClientError), _NO_CONNECTION),
)
"""The first that fits counts: some of these errors are kinds of others."""


def refusal_of_sdk_error(error: BotoCoreError | ResponseParserError, origin: Origin, session: Session) -> Refusal:
    """Tell what it means; the error's own text stays out of it, for it may quote a configuration file."""
    meaning = next((meaning for kinds, meaning in _MEANINGS if isinstance(error, kinds)), _SETTINGS)
    return refuse(meaning, origin, session)

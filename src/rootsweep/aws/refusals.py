"""From an error, of AWS or of the SDK, to a refusal; what a denial tells."""

from dataclasses import replace
from datetime import timedelta
from json import JSONDecodeError
from typing import Any, Final

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    HTTPClientError,
    InvalidConfigError,
    LoginError,
    MetadataRetrievalError,
    MissingDependencyException,
    NoCredentialsError,
    PartialCredentialsError,
    ProxyConnectionError,
    ReadTimeoutError,
    SSLError,
    SSOError,
    TokenRetrievalError,
)
from botocore.parsers import ResponseParserError

from rootsweep.aws.credentials import AnotherAccountError, CredentialsNotHadError, NoTerminalError
from rootsweep.aws.error_codes import (
    CREDENTIALS_EXPIRED,
    DENIALS,
    FAILURE,
    MEANINGS,
    NOT_AWS,
    SIGNATURES,
    WRONG_SECRET,
    Meaning,
    is_by_service_control_policy,
    read_denial,
)
from rootsweep.aws.paging import BrokenListError
from rootsweep.aws.session import Session
from rootsweep.core.answer import Refusal
from rootsweep.core.evidence import Access, Denial, Origin, UnavailableReason
from rootsweep.core.times import ALLOWED_SKEW

"""How far a signature's time may be off (IAM User Guide, "Create a signed AWS API request")."""

_FIRST_SERVER_FAULT: Final = 500


def refusal_of_client_error(error: ClientError, origin: Origin, session: Session) -> Refusal:
    """Return what an error answer means."""
    response: Any = error.response
    code = str(response.get("Error", {}).get("Code", ""))
    text = str(response.get("Error", {}).get("Message", ""))
    status = int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    name = code.removesuffix("Exception")
    if name in DENIALS:
        return refusal_of_denial(text, code, origin)
    if name in SIGNATURES:
        date_header = response.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date")
        return refuse(_signature_meaning(session, date_header), origin, session, code)
    is_aws = origin.request_id is not None and not code.isdigit()
    if not is_aws and status < _FIRST_SERVER_FAULT:
        return refuse(NOT_AWS, origin, session)
    return refuse(MEANINGS.get(name, FAILURE), origin, session, code)


def refuse(meaning: Meaning, origin: Origin, session: Session, code: str | None = None) -> Refusal:
    """Put a meaning in words about one call."""
    fields = {
        "call": origin.api_call,
        "region": session.region,
        "profile": f" --profile {session.profile}" if session.profile else "",
    }
    return Refusal(meaning.problem.format_map(fields), meaning.advice.format_map(fields), meaning.reason, origin, code)


def unusable_answer(origin: Origin, problem: str) -> Refusal:
    """Report that an answer came that cannot be used."""
    return Refusal(
        f"the answer to {origin.api_call} cannot be used: {problem}",
        "audit again; if it stays, report it to rootsweep with the request id",
        UnavailableReason.UNUSABLE_ANSWER,
        origin,
    )


def refusal_of_broken_list(error: BrokenListError, origin: Origin) -> Refusal:
    """Report that a list was broken off."""
    problem = f"the list of {origin.api_call} was broken off: {error.problem}"
    if error.reason is UnavailableReason.TIMED_OUT:
        return Refusal(problem, "audit again when the network is quicker", error.reason, origin)
    return Refusal(problem, "audit again, and check what stands between this machine and AWS", error.reason, origin)


def unreadable_entries(origin: Origin, count: int) -> Refusal:
    """Report that entries of a list could not be read, so that the list is not whole."""
    entries = "an entry" if count == 1 else f"{count} entries"
    return Refusal(
        f"{entries} of {origin.api_call} could not be read",
        "audit again, and check what stands between this machine and AWS",
        UnavailableReason.UNUSABLE_ANSWER,
        origin,
    )


def _signature_meaning(session: Session, date_header: str | None) -> Meaning:
    """Tell a clock that is off from a secret that is wrong: by the Date of the very answer that refuses, however far it is."""
    ahead = session.clock.ahead_by(date_header) or timedelta()
    if abs(ahead) <= ALLOWED_SKEW:
        return WRONG_SECRET
    minutes = round(abs(ahead) / timedelta(minutes=1))
    direction = "behind" if ahead > timedelta() else "ahead of"
    problem = f"the clock of this machine is {minutes} minutes {direction} AWS's, which refuses what is signed at such a time"
    return Meaning(UnavailableReason.CLOCK_OFF, problem, "set the clock")


# From an error of the SDK, which could not send a call or read its answer, to a refusal.

_NO_CREDENTIALS: Final = Meaning(
    UnavailableReason.CREDENTIALS_INVALID,
    "no AWS credentials were found",
    "sign in (`aws sso login{profile}`), name a profile with --profile, or judge saved evidence with --from",
)
_CREDENTIALS_NOT_HAD: Final = Meaning(
    UnavailableReason.CREDENTIALS_INVALID,
    "could not load AWS credentials",
    "fix the profile or its credential provider until `aws sts get-caller-identity{profile}` succeeds",
)
_FILE_MISSING: Final = Meaning(
    UnavailableReason.CREDENTIALS_INVALID,
    "the AWS profile names a token file or a credential_process that does not exist",
    "fix web_identity_token_file, AWS_WEB_IDENTITY_TOKEN_FILE or credential_process until "
    "`aws sts get-caller-identity{profile}` succeeds",
)
_NOT_CREDENTIALS: Final = Meaning(
    UnavailableReason.CREDENTIALS_INVALID,
    "what the AWS profile takes its credentials from printed or held something else",
    "run its credential_process by hand, which prints JSON with Version, AccessKeyId and SecretAccessKey, until "
    "`aws sts get-caller-identity{profile}` succeeds",
)
_NO_TERMINAL: Final = Meaning(
    UnavailableReason.CREDENTIALS_INVALID,
    "the AWS profile asks for an MFA code, and standard input is not a terminal",
    "run this in a terminal, or pass the credentials of a session: `aws configure export-credentials{profile} --format env`",
)
_PROFILE: Final = Meaning(
    UnavailableReason.CREDENTIALS_INVALID,
    "the AWS profile is invalid: its source_profile is missing or leads back to it, or its credential_source is unknown",
    "fix the profile in AWS's configuration file",
)
_LOGIN_LIBRARY: Final = Meaning(
    UnavailableReason.CREDENTIALS_INVALID,
    "a profile of `aws login` needs a library that is not installed",
    "install rootsweep[login], or pass the credentials: `aws configure export-credentials{profile} --format env`",
)
_LOGIN: Final = Meaning(
    UnavailableReason.CREDENTIALS_EXPIRED,
    "the session of `aws login` has expired or is missing",
    "run `aws login{profile}`",
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
    ((LoginError,), _LOGIN),
    ((TokenRetrievalError, SSOError), CREDENTIALS_EXPIRED),
    ((MissingDependencyException,), _LOGIN_LIBRARY),
    ((InvalidConfigError,), _PROFILE),
    ((NoTerminalError,), _NO_TERMINAL),
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

_CAUSES: Final[dict[type[BaseException | None], Meaning]] = {
    FileNotFoundError: _FILE_MISSING,
    NotADirectoryError: _FILE_MISSING,
    PermissionError: _FILE_MISSING,
    JSONDecodeError: _NOT_CREDENTIALS,
}
"""What the credential chain itself raises (``CredentialsNotHadError`` has it as its cause)."""


def refusal_of_sdk_error(error: BotoCoreError | ResponseParserError, origin: Origin, session: Session) -> Refusal:
    """Return what it means; the error's own text stays out of it, for it may quote a configuration file."""
    meaning = next((meaning for kinds, meaning in _MEANINGS if isinstance(error, kinds)), _SETTINGS)
    return refuse(_CAUSES.get(type(error.__cause__), meaning), origin, session)


# What a denial means: which permission is missing, or which policy denies.
#
# The texts of AssumeRoot's refusals are as captured from AWS (commercial partition, September 2026). AWS's text is read into
# a ``Denial`` once; what is said of it is put in words from that.

_FEATURE_OFF: Final = "feature is not enabled for your AWS Organization"
_TRUSTED_ACCESS_OFF: Final = "Service not enabled for AWS Organizations"
_REASONS: Final = {
    "sts:AssumeRoot": UnavailableReason.ROOT_SESSION_REFUSED,
    "sts:AssumeRole": UnavailableReason.ROLE_NOT_ASSUMABLE,
}
_PRINCIPAL_BY: Final = {
    Access.ROLE: "the role",
    Access.ROOT_SESSION: "the root session",
    Access.ROOT: "the root user",
}
_EXEMPTION: Final = 'add the condition "Null": {"aws:AssumedRoot": "true"} to the statement that denies the root user'


def refusal_of_denial(text: str, code: str, origin: Origin) -> Refusal:
    """Tell from AWS's words what would have to change; words that are not known are a denial of the call anyway."""
    if _FEATURE_OFF in text or _TRUSTED_ACCESS_OFF in text:
        return _centralized_root_access_off(text, code, origin)
    denial = read_denial(text) or Denial(None, origin.api_call or "this call", None)
    reason = _REASONS.get(origin.api_call or "", UnavailableReason.ACCESS_DENIED)
    if is_by_service_control_policy(text):
        reason = UnavailableReason.DENIED_BY_SERVICE_CONTROL_POLICY
    return _in_words(Refusal("", "", reason, origin, code, denial))


def denied_on(refusal: Refusal, resource: str) -> Refusal:
    """Complete a denial whose text names no resource by the one that was asked for."""
    if refusal.denial is None or refusal.denial.resource is not None:
        return refusal
    return _in_words(replace(refusal, denial=replace(refusal.denial, resource=resource)))


def _in_words(refusal: Refusal) -> Refusal:
    """Put the problem and the advice of a denial in words."""
    denial = refusal.denial
    if denial is None:
        return refusal
    principal, resource = _principal(denial, refusal.origin), denial.resource
    on_resource = f" on {resource}" if resource else ""
    match refusal.reason:
        case UnavailableReason.DENIED_BY_SERVICE_CONTROL_POLICY:
            problem = f"a service control policy denies {denial.action} to {principal}"
            spare = f"let the service control policy spare {denial.action} for {principal}"
            return replace(refusal, problem=problem, advice=_EXEMPTION if _is_root(denial, refusal.origin) else spare)
        case UnavailableReason.ROOT_SESSION_REFUSED:
            problem = f"{principal} may not open a root session{on_resource}"
            advice = (
                f"allow sts:AssumeRoot{on_resource} to {principal}, in the management account or the delegated administrator "
                "for IAM (the management account itself can be no target)"
            )
        case UnavailableReason.ROLE_NOT_ASSUMABLE:
            problem = f"{principal} may not assume {resource or 'the role'}"
            role = f"the role {resource}" if resource else "the role"
            trust = "let its trust policy name the caller and the external id, and allow the caller sts:AssumeRole on it"
            advice = f"create {role}, {trust}"
        case _:
            problem = f"{principal} may not call {denial.action}"
            advice = f"allow {denial.action}{on_resource} to {principal}"
    return replace(refusal, problem=problem, advice=advice)


def _principal(denial: Denial, origin: Origin) -> str:
    """Name who was denied as a person knows it: a session by its role; where AWS does not tell, by the way into the account."""
    if denial.principal is None:
        return _PRINCIPAL_BY.get(origin.access, "the caller")
    if denial.denied_role is None:
        return denial.principal
    return f"role {denial.denied_role} of account {denial.principal.split(':')[4]}"


def _is_root(denial: Denial, origin: Origin) -> bool:
    if denial.principal is None:
        return origin.access in {Access.ROOT_SESSION, Access.ROOT}
    return denial.principal.endswith(":root")


def _centralized_root_access_off(text: str, code: str, origin: Origin) -> Refusal:
    feature = "trusted access for IAM" if _TRUSTED_ACCESS_OFF in text else "root credentials management"
    advice = (
        "in the management account run `aws organizations enable-aws-service-access --service-principal iam.amazonaws.com`"
        if _TRUSTED_ACCESS_OFF in text
        else "in the management account run `aws iam enable-organizations-root-credentials-management`"
    )
    problem = f"{feature} is not enabled in the organization"
    return Refusal(problem, advice, UnavailableReason.CENTRALIZED_ROOT_ACCESS_OFF, origin, code)

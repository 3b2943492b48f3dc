"""The errors that AWS services answer with, and the ones of this package's own interface."""

from typing import Final


class ServiceError(Exception):
    """An error answer. ``code`` is as IAM and STS spell it; :func:`spelling` gives each service its own.

    Attributes:
        code: the error code.
        message: the text, or None for an answer without one.
        status: the HTTP status; None to take it from the service's model, then from the common errors.
        reason: the error's Reason, which some errors of Organizations have; None for an error without one.
    """

    def __init__(self, code: str, message: str | None, status: int | None = None, *, reason: str | None = None) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.status = status
        self.reason = reason


class UnknownName(LookupError):  # noqa: N818  it names what is wrong, as the built-in errors do
    """No account, principal, key or scenario has this name."""


class ScenarioError(ValueError):
    """A scenario file that cannot be read; the text says where and why."""


COMMON_STATUS: Final = {
    "AccessDenied": 403,
    "ExpiredToken": 403,
    "IncompleteSignature": 400,
    "InternalFailure": 500,
    "InvalidAction": 400,
    "InvalidClientTokenId": 403,
    "MissingAction": 400,
    "MissingAuthenticationToken": 403,
    "NoSuchEntity": 404,
    "RequestExpired": 400,
    "ServiceUnavailable": 503,
    "SignatureDoesNotMatch": 403,
    "Throttling": 400,
    "ValidationError": 400,
}
"""IAM API reference, "Common Errors" (the same list for STS). Throttling is 400 there and in what AWS answers."""

_JSON_SPELLING: Final = {
    "AccessDenied": "AccessDeniedException",
    "ExpiredToken": "ExpiredTokenException",
    "IncompleteSignature": "IncompleteSignatureException",
    "InvalidAction": "UnknownOperationException",
    "InvalidClientTokenId": "UnrecognizedClientException",
    "MissingAction": "UnknownOperationException",
    "MissingAuthenticationToken": "MissingAuthenticationTokenException",
    "ServiceUnavailable": "ServiceUnavailableException",
    "SignatureDoesNotMatch": "InvalidSignatureException",
}

_SPELLINGS: Final = {
    "organizations": _JSON_SPELLING
    | {
        "InternalFailure": "ServiceException",
        "Throttling": "TooManyRequestsException",
        "ValidationError": "InvalidInputException",
    },
    "cloudtrail": _JSON_SPELLING
    | {
        "InternalFailure": "InternalFailure",
        "Throttling": "ThrottlingException",
        "ValidationError": "ValidationException",
    },
    "ec2": {
        "AccessDenied": "UnauthorizedOperation",
        "ExpiredToken": "RequestExpired",
        "InternalFailure": "InternalError",
        "InvalidClientTokenId": "AuthFailure",
        "ServiceUnavailable": "Unavailable",
        "SignatureDoesNotMatch": "AuthFailure",
        "Throttling": "RequestLimitExceeded",
        "ValidationError": "InvalidParameterValue",
    },
    "events": _JSON_SPELLING
    | {
        "InternalFailure": "InternalException",
        "Throttling": "ThrottlingException",
        "ValidationError": "ValidationException",
    },
    "securityhub": _JSON_SPELLING
    | {
        "InternalFailure": "InternalException",
        "Throttling": "TooManyRequestsException",
        "ValidationError": "InvalidInputException",
    },
    "sns": {"AccessDenied": "AuthorizationError", "InternalFailure": "InternalError", "ValidationError": "InvalidParameter"},
    "s3": {
        "InternalFailure": "InternalError",
        "InvalidClientTokenId": "InvalidAccessKeyId",
        "MissingAuthenticationToken": "AccessDenied",
        "Throttling": "SlowDown",
        "ValidationError": "InvalidArgument",
    },
}
"""Organizations API reference, CloudTrail API reference, EventBridge API reference and Security Hub API reference, "Common
Errors"; Amazon SNS API reference, Publish; EC2 Developer Guide, "Error codes"; Amazon S3 API reference, "Error responses"."""

_SERVER_STATUS: Final = {
    "InternalException": 500,
    "InternalFailure": 500,
    "ServiceException": 500,
    "ServiceUnavailableException": 503,
}
_REST_STATUS: Final = _SERVER_STATUS | {
    "AccessDeniedException": 403,
    "ExpiredTokenException": 403,
    "InvalidSignatureException": 403,
    "MissingAuthenticationTokenException": 403,
    "TooManyRequestsException": 429,
    "UnrecognizedClientException": 403,
}
_SNS_STATUS: Final = {"AuthorizationError": 403, "InternalError": 500}
_S3_STATUS: Final = {
    "AccessDenied": 403,
    "InternalError": 500,
    "InvalidAccessKeyId": 403,
    "ServiceUnavailable": 503,
    "SignatureDoesNotMatch": 403,
    "SlowDown": 503,
}
_EC2_STATUS: Final = {
    "AuthFailure": 401,
    "InternalError": 500,
    "RequestLimitExceeded": 503,
    "Unavailable": 503,
    "UnauthorizedOperation": 403,
}


def spelling(service: str, code: str) -> str:
    """Return the code as the service spells it."""
    return _SPELLINGS.get(service, {}).get(code, code)


def status_of(service: str, code: str) -> int:
    """Return the HTTP status of a common error.

    Assumptions: Organizations, CloudTrail and EventBridge answer every client's fault with 400, as JSON 1.1 services do, and
    their own with 500 or 503; EC2's statuses, which its documentation gives by their first digit alone.
    """
    match service:
        case "organizations" | "cloudtrail" | "events":
            return _SERVER_STATUS.get(code, 400)
        case "ec2":
            return _EC2_STATUS.get(code, 400)
        case "securityhub":
            return _REST_STATUS.get(code, 400)
        case "s3":
            return _S3_STATUS.get(code, 400)
        case "sns":
            return _SNS_STATUS.get(code) or COMMON_STATUS.get(code, 400)
        case _:
            return COMMON_STATUS.get(code, 400)

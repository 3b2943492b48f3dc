"""The errors that AWS services answer with, and the ones of this package's own interface."""

from typing import Final


class ServiceError(Exception):
    """An error answer. ``code`` is as IAM and STS spell it; :func:`spelling` gives each service its own.

    Attributes:
        code: the error code.
        message: the text, or None for an answer without one.
        status: the HTTP status; None to take it from the service's model, then from the common errors.
    """

    def __init__(self, code: str, message: str | None, status: int | None = None) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.status = status


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

_ORGANIZATIONS_SPELLING: Final = {
    "AccessDenied": "AccessDeniedException",
    "ExpiredToken": "ExpiredTokenException",
    "IncompleteSignature": "IncompleteSignatureException",
    "InternalFailure": "ServiceException",
    "InvalidAction": "UnknownOperationException",
    "InvalidClientTokenId": "UnrecognizedClientException",
    "MissingAction": "UnknownOperationException",
    "MissingAuthenticationToken": "MissingAuthenticationTokenException",
    "ServiceUnavailable": "ServiceUnavailableException",
    "SignatureDoesNotMatch": "InvalidSignatureException",
    "Throttling": "TooManyRequestsException",
    "ValidationError": "InvalidInputException",
}


def spelling(service: str, code: str) -> str:
    """Give the code as the service spells it (Organizations API reference, "Common Errors" and each operation's errors)."""
    return _ORGANIZATIONS_SPELLING.get(code, code) if service == "organizations" else code


def status_of(service: str, code: str) -> int:
    """Give the HTTP status of a common error.

    Assumption: Organizations answers every client's fault with 400, as JSON 1.1 services do, and its own with 500 or 503.
    """
    if service == "organizations":
        return {"ServiceException": 500, "ServiceUnavailableException": 503}.get(code, 400)
    return COMMON_STATUS.get(code, 400)

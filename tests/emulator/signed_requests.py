"""Requests as bytes, signed by botocore, for what no SDK would send."""

import http.client
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as Keys

from rootsweep_emulator import Credentials, Emulator

FORM = "application/x-www-form-urlencoded; charset=utf-8"


def signed_headers(
    url: str, service: str, credentials: Credentials, body: bytes, headers: dict[str, str] | None = None
) -> dict[str, str]:
    """Sign a POST request and give its headers."""
    request = AWSRequest("POST", url, headers=headers or {"Content-Type": FORM}, data=body)
    SigV4Auth(Keys(*credentials), service, "us-east-1").add_auth(request)
    return dict(request.headers.items())


def post(emulator: Emulator, headers: dict[str, str], body: bytes, path: str = "/") -> tuple[int, str, http.client.HTTPMessage]:
    """Send a POST request; give the status, the body and the headers of the answer."""
    connection = http.client.HTTPConnection(urlsplit(emulator.endpoint).netloc, timeout=10)
    try:
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), answer.headers
    finally:
        connection.close()


def ask(emulator: Emulator, caller: str, form: str, *, service: str = "iam") -> tuple[int, str]:
    """Send a form as a caller of the scenario; give the status and the body."""
    body = form.encode()
    status, text, _ = post(emulator, signed_headers(emulator.endpoint, service, emulator.credentials(caller), body), body)
    return status, text

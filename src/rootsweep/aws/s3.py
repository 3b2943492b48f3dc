"""The one call of Amazon S3 (Amazon S3 API reference)."""

from typing import Final

from rootsweep.aws.access import AccountAccess
from rootsweep.aws.answers import Answer, Refusal
from rootsweep.aws.call import ask
from rootsweep.aws.explanations import explained
from rootsweep.aws.session import Session

EXISTS: Final = "PreconditionFailed"
"""The error code where there is an object of the key already."""

_WORDS: Final = {
    "NoSuchBucket": ("the bucket does not exist", "check its name"),
    "ConditionalRequestConflict": ("another upload of the same key is under way", "send it again"),
    "PermanentRedirect": ("the bucket is in another Region", "choose it with --region"),
    "AuthorizationHeaderMalformed": ("the bucket is in another Region", "choose it with --region"),
}


def put_object(session: Session, access: AccountAccess, bucket: str, key: str, body: bytes) -> Answer[None] | Refusal:
    """Put a JSON document where there is no object of this key, never over another (PutObject, ``If-None-Match: *``).

    It is encrypted as the bucket says: S3 encrypts every object, and a header that asks for S3's own keys would override a
    bucket's KMS key (Amazon S3 User Guide, "Setting default server-side encryption behavior").
    """
    outcome = ask(
        session,
        access,
        "s3:PutObject",
        lambda s3: s3.put_object(Bucket=bucket, Key=key, Body=body, ContentType="application/json", IfNoneMatch="*"),
        lambda _: None,
    )
    return explained(outcome, _WORDS)

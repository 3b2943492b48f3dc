"""The whole run as an object of Amazon S3: an archive, whether anything has changed or not."""

import hashlib

from rootsweep.aws.pacing import within
from rootsweep.aws.publishing import EXISTS, put_object
from rootsweep.core.answer import Refusal
from rootsweep.core.run import Run
from rootsweep.delivery.changes import Changes, run_document
from rootsweep.delivery.context import DeliveryContext
from rootsweep.delivery.destination import Bucket, Outcome, Sent, not_sent


def deliver(destination: Bucket, changes: Changes, context: DeliveryContext) -> Outcome:
    """Put the object where there is none.

    The key holds a digest of the content: where there is an object of this key already, it is this very run, such as after a
    try whose answer was lost.
    """
    sender = context.sender
    body = run_document(changes)
    key = object_key(destination.prefix, changes.run, body)
    with within(context.pace.seconds):
        outcome = put_object(sender.session, sender.access, destination.bucket, key, body)
    if isinstance(outcome, Refusal) and outcome.error_code != EXISTS:
        return not_sent(outcome)
    return Sent(f"the run, as {key}")


def object_key(prefix: str, run: Run, body: bytes) -> str:
    """Name the object: the prefix, what was audited, when the run ended, and the beginning of the content's SHA-256."""
    digest = hashlib.sha256(body).hexdigest()[:16]
    name = f"{_audited(run)}/{run.finished_at:%Y%m%dT%H%M%SZ}-{digest}.json"
    return f"{prefix}/{name}" if prefix else name


def _audited(run: Run) -> str:
    if run.scope.organization_id:
        return run.scope.organization_id
    return run.findings[0].account.id if len(run.findings) == 1 else "accounts"

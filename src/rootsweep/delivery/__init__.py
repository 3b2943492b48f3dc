"""Tell people and services what an audit found, where a person asked for it with ``--send``; nothing else is sent anywhere.

::

    destination   where something is sent, read from a ``--send``, and what came of it
    changes       what there is to tell: the changes since the previous run, or everything; as text, and as JSON
    connections   what a destination needs: the caller's accounts, secrets, the network
    registry      one module a kind of destination, by name
    sending       all destinations at once, each within its time, none held up by another
    https         one HTTPS request: tried again where that helps, never redirected

A delivery gives ``Sent`` or ``NotSent``; what goes wrong with one is never raised. No secret is in either.
"""

from typing import Final

FORMS: Final = "securityhub, sns:ARN, eventbridge:BUS, slack, webhook, s3://BUCKET/PREFIX"
"""What a ``--send`` may say; here, because every audit's help shows it and few audits are sent anywhere."""

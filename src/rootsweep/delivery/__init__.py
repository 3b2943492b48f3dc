"""Telling people and services what an audit found, where a person asked for it with ``--send``; nothing else is sent anywhere.

::

    destination   where something is sent, read from a ``--send``
    news          what there is to tell: the changes since the previous run, or everything
    means         what a destination needs: the caller's accounts, secrets, the network
    registry      one module a kind of destination, by name
    sending       all destinations at once, each within its time, none held up by another
    post          one HTTPS request: tried again where that helps, never redirected
    text, document    the news as people read them, and as JSON

A delivery gives ``Sent`` or ``NotSent``; what goes wrong with one is never raised. No secret is in either.
"""

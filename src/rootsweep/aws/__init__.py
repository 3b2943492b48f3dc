"""The only place that calls AWS: one typed function a call, every refusal a value.

::

    session         the caller's credentials and settings, as every AWS tool finds them; one client a service and Region
    credentials     which credentials sign a call: the caller's own, or those of one account's session
    access          the way into one account: by what, with which credentials, from which Region
    call            one call: an ``Answer``, or a ``Refusal`` that says why and what to do
    refusals        what AWS's errors mean (error_texts: those that name an action and a principal)
    sts, iam, ...   the calls that rootsweep makes, and no other
    partitions      what differs between AWS's partitions
    patience        how long something is waited for, and how often it is asked for

botocore signs, retries and parses. Nothing that a function here returns holds a secret key or a session token but
``SessionCredentials``, which shows neither.
"""

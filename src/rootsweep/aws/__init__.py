"""The only place that calls AWS: one typed function a call, every refusal a value.

::

    session               the caller's credentials and settings, as every AWS tool finds them; one client a service and Region
    credentials           which credentials sign a call: the caller's own, or those of one account's session
    session_account       whose a session is: what binds its answers to one account
    access                the way into one account: by what, with which credentials, from which Region
    call, answers         one call: an ``Answer``, or a ``Refusal`` that says why and what to do
    error_table, denials  what AWS's errors mean (error_texts takes the words of a denial apart)
    refusals, sdk_errors  from an error of AWS, or of the SDK, to a refusal
    deadline, pressure    how long one account's calls go on; how many calls may be under way
    patience              how long something is waited for, and how often it is asked for
    server_clock          what time it is by AWS's clock
    partitions            what differs between AWS's partitions
    sts, iam, ...         the calls that rootsweep makes, and no other

botocore signs, retries and parses. Nothing that a function here returns holds a secret key or a session token but
``SessionCredentials``, which shows neither.
"""

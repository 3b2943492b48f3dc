"""The only place that calls AWS: one typed function a call, every refusal a value.

::

    session         the caller's credentials and settings, as every AWS tool finds them; one client a service and Region;
                    the way into one account, and which credentials sign a call
    call, answers   one call: an ``Answer``, or a ``Refusal`` that says why and what to do
    refusals        from an error of AWS, or of the SDK, to a refusal
    error_codes     what AWS's error codes mean
    pacing          deadlines, backoff, and how many calls may be under way
    clock           what time it is by AWS's clock
    sts, iam, ...   the calls that rootsweep makes, and no other

botocore signs, retries and parses. Nothing that a function here returns holds a secret key or a session token but
``SessionCredentials``, which shows neither.
"""

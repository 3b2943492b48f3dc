"""The journal of removals: what was about to be done, and what came of it, in a file that is only ever added to.

::

    file        the journal: opened, verified, added to
    inspection  verifies one, and reads it whole; it may be written meanwhile
    unfinished  the intents without an outcome
    reading     a file's lines
    chain       whether each line follows from the one before; pure
    conversion  the model -> a line, and back
    records     the lines, as structs of their own

A file is JSON, one entry a line. Each carries the SHA-256 hash of the line before, so that no line can be changed, left out,
put in or moved without a trace. Who rewrites all lines from one on, or cuts the last ones off, leaves a chain that is whole;
the hash of the last line, noted elsewhere, tells.
"""

"""What lets a sweep go on after a crash: every finished account with its evidence, in a file of one run at a time.

::

    identity    what must be equal for a run to be continued, and where its file is
    file        the checkpoint: begun or resumed, added to, finished or kept
    reading     what a checkpoint holds
    conversion  the model -> a line, and back
    records     the lines, as structs of their own

One process at a time writes a file (``rootsweep.locking``). It is JSON, one value a line: the run first, then each finished
account. It holds no secret, because the model holds none.
"""

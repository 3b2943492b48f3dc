"""The file that holds a plan: the public contract ``rootsweep.plan/1``, bound by a digest to what was shown.

::

    records     the contract, as structs of its own, and its JSON Schema
    conversion  the model -> the contract, and back
    file        a plan written, read, and its digest

The digest tells a plan that was changed by hand or by accident from the one that was shown. It is no signature: who changes a
plan can compute a new digest, and everything that the plan claims is looked at again before anything is done.
"""

from rootsweep.planfile.file import digest_of, read_plan, write_plan

__all__ = ["digest_of", "read_plan", "write_plan"]

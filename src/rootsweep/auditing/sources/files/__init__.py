"""Saved evidence: files, folders and standard input.

::

    reading        the paths that were given -> files, each once -> the evidence of an account each: ``read_evidence``
    content        a file -> its first bytes, its text, its lines, in bounded memory
    text_formats   CSV, the AWS CLI's JSON and text, a summary's lines: told by the first bytes and never by the name
    workbook       a report that was saved as an Excel workbook
    not_evidence   everything else -> a refusal that helps
"""

from rootsweep.auditing.sources.files.reading import FileEvidence, read_evidence

__all__ = ["FileEvidence", "read_evidence"]

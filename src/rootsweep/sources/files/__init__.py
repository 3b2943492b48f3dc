"""Saved evidence: files, folders and standard input.

::

    given_files     the paths that were given -> files, each once
    content         a file's first bytes -> what it holds
    delimited_report, aws_cli_answer, summary_lines, workbook    one reader per kind of content
    account_pairing a summary, which does not tell its account -> the account
    evidence        all of it together: ``read_evidence``
"""

from rootsweep.sources.files.evidence import FileEvidence, read_evidence

__all__ = ["FileEvidence", "read_evidence"]

"""What the runs before found: every audit's accounts and keys, in a database; the only SQL of the project.

::

    location    which database: a file of the user's, or a PostgreSQL server, by URL
    recording   a run -> what is kept of it
    opening     the database, opened, with its tables at the newest version
    store       runs saved, listed, loaded, pruned
    reading     what is recorded, read back
    pruning     old runs deleted
    rows        the model -> rows, and back
    spans       rows that hold from one run to another, so that what does not change is kept once
    tables      the tables
    failures    what a database refuses, as one sentence
    migrations  how the tables came to be what they are

SQLAlchemy takes longer to import than most audits to judge: nothing but ``location`` and ``recording`` may be imported before
the history is used.
"""

"""What the runs before found: the accounts and keys of every audit, in a database; the only SQL of the project.

::

    location    which database: a file of the user's, or a PostgreSQL server, by URL
    recording   a run -> what is kept of it
    database    the database, opened, with its tables at the newest version; what it refuses, as one sentence
    store       runs saved, listed, loaded, pruned
    rows        values of ``core`` -> rows, and back
    versions    how the tables came to be what they are: numbered SQL
"""

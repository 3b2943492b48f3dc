"""``rootsweep audit``: what was asked, the audit of one account or of an organization, and what is kept of a sweep."""

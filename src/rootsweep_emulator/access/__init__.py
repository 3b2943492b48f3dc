"""Who calls, and what they may do: credentials, signatures, sessions, policies."""

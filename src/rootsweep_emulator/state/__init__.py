"""What exists: accounts, their root users, users and roles, the organizations they belong to, and the clock."""

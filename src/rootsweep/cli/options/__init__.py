"""Options that several commands share, each with what is made of its value."""

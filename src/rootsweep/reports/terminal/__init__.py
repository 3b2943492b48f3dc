"""What a person reads at a terminal beside the table of an audit: progress, plans, journals, histories, policies."""

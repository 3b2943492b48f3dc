"""What a person sets up so that rootsweep may read: policies, a role, a template, and the page on them."""

"""``--format oscal``: assessment results of the Open Security Controls Assessment Language."""

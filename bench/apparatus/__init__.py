"""What the benchmarks have in common: an organization in a process of its own, and processes that are measured."""

"""Public JSON, one module a contract: structs of its own, so that ``core`` may change and the contract may not."""

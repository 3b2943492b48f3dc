"""SARIF 2.1.0, the OASIS standard that code scanning reads."""

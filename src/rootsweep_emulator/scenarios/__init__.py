"""Worlds to start from: readable files, and a generated large organization."""

"""Shared modules that the notebooks import: one subject each."""

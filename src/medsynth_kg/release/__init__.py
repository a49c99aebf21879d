"""Immutable releases: store, dumps, description, manifest."""

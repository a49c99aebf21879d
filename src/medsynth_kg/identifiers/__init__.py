"""Identifiers of papers, people, periodicals and code: parse, normalise, print."""

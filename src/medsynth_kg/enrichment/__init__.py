"""Bibliographic metadata from Crossref and arXiv, and links to other graphs: fetch, keep, parse, merge."""

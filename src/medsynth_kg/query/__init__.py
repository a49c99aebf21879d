"""Strangers' SPARQL, run safely: guard, worker processes, saved queries."""

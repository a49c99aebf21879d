"""The web face of a release: SPARQL 1.1 Protocol, entity pages, saved queries, dumps."""

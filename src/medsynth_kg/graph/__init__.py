"""Records to RDF: IRIs, vocabularies, statements with their provenance, SHACL."""

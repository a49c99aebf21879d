"""Papers, works, people, venues and repositories, as records without RDF."""

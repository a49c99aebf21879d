"""Finding papers by what is known of them: facets, selections of papers, and the matrix of what nobody evaluated."""

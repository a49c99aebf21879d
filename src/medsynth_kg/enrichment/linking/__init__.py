"""Finding the survey's papers and repositories in other graphs: one module a target, all of one shape."""

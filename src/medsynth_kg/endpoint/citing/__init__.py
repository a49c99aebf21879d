"""Citations of papers and of the graph itself, in the formats that reference managers read."""

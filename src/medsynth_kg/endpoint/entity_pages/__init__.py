"""The page of each thing of the graph: statements with their sources, notices, place in a tree, and links."""

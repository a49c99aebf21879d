"""Search over the names of a release: ranking, the index, and the pages and suggestions made from them."""

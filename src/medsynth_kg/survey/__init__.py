"""The survey's tables: rows with file and line, entries read from them, and findings about both."""

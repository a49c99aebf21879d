"""What a mapping was found by: the property of ours whose value a target was asked for (SSSOM, subject_match_field)."""

MATCHED_BY = {"doi": "bibo:doi", "arxiv": "fabio:hasArXivId", "repository": "schema:codeRepository"}
"""By the scheme of the question."""

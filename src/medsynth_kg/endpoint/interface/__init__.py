"""The description of the interface for programs, in OpenAPI and as a page."""

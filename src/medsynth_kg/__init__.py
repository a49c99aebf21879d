"""A knowledge graph of generative models for medical data."""

__version__ = "0.1.0"

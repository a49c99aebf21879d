"""SPARQL stores of other makers: what they are asked over HTTP, and loading a release into one."""

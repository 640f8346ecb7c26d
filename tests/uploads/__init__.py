"""A corpus of files, made in code: those that must be refused, and those that must get in."""

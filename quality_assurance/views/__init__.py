"""Pages of internal quality assurance, one module a verb."""

"""What the pages of quality assurance need to know, each in a fixed number of queries."""

"""What `make` starts: the site with its processes, the test suite, and the checks."""

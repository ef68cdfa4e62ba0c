"""The borrower's page: the same engine in a browser, offline."""

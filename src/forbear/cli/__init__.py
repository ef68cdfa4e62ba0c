"""The ``forbear`` command: reads files and the clock, asks the pure floors, prints the answer."""

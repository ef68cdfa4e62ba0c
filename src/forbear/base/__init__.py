"""The words that every other part of Forbear speaks: time, people, contacts, facts, reasons.

Nothing in here reads a clock, a file, a database or the network.
"""

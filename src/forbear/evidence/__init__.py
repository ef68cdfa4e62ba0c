"""What was found, as documents: one page to read and print, plain text, and data for programs.

Everything here is a pure function of a ReportInput; nothing reads a clock, a log or the network.
"""

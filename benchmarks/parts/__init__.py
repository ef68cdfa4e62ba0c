"""The parts of ``benchmarks/law.py``."""

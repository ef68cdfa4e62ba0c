"""One log put before the law, whoever asks: the command line and the pocket page share this."""

from forbear.audit.examine import Asked, Examined, examine

__all__ = ["Asked", "Examined", "examine"]

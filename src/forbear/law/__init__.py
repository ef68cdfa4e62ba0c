"""The law engine: whether this contact may happen, now, to this person, this way."""

"""The law engine: may this contact happen, now, to this person, this way?"""

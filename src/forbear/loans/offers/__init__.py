"""Offers: from what a household has left, the plans that it can carry, ranked by a stated rule."""

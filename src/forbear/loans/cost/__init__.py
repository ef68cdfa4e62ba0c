"""What a loan costs in a year, in the words of each law, with a proof behind every figure."""

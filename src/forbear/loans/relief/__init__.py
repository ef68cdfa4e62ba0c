"""Relief: what makes a loan lighter, previewed to the cent before anybody signs anything."""

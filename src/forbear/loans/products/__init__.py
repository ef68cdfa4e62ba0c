"""Products: what a lender offers, with its limits, as data; and terms made within them.

The products that ship are those of a lender that does not exist; a lender's own stand in a folder
of the same form.
"""

"""The families that describe the rows as they are now, each file about one part of them.

Each reading is a few statements, as many for a hundred hosts as for one.
"""

"""Test vectors: what each activation is at telling points, for those who port it elsewhere.

One file an activation, and one for the loss, as JSON and as NPZ. Every result is rounded from a
ball, in the type of the input, to nearest and ties to even. Numbers are hexadecimal, as C, Python
and Java write them.
"""

SCHEMA = 2
"""Raised whenever a reader of the files would have to change."""

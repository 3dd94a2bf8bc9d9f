"""Figures, fact cards and typeset formulas."""

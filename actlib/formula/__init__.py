"""What a function is: formulas in SymPy, and what is known of them."""

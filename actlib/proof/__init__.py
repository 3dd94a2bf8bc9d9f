"""The proof that every float32 input gives the correctly rounded result; it assumes nothing.

The truth is known at every input: certified polynomials give it to 50 bits (`verify.models`), and
balls to as many as it takes. Against it are held the float32 that is returned, and the float64
before it, which must be as close as the driver relies on. Where the truth lies next to a tie, the
side is decided exactly, or by balls (Innocente & Zimmermann, "Accuracy of Mathematical Functions",
use the same kind of search).
"""

"""The proof that every float32 input gives the correctly rounded result.

A kernel computes v in float64 with a relative error of at most ε. If v (1 − ε) and v (1 + ε) round
to the same float32, that is the correctly rounded result, whatever the error was. The few inputs
where they do not are settled by ball arithmetic, one by one (Innocente & Zimmermann, "Accuracy of
Mathematical Functions", use the same kind of search).
"""

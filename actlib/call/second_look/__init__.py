"""Next to a midpoint: on which side is the true value?"""

"""What kernels are written with: NumPy alone."""

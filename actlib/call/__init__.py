"""What every call has in common: arguments, blocks, the second look, and the records."""

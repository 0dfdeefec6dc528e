"""Screening measured side by side with others. Begin at `__main__`."""

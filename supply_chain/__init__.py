"""What Brevet is made of, and what is known against it."""

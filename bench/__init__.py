"""What is written from the results of `make bench`: what Brevet costs, what breaks first, and the pictures."""

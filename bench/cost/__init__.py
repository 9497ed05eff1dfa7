"""What Brevet costs on AWS, and what breaks first as load grows.

Measured here where that can be, and assumed in the open where it cannot.
"""

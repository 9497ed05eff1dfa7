"""The story of Brevet on the screen: each step asks something real, shows the answer, and stops if it is another."""

from local.demo.run import run_demo

__all__ = ["run_demo"]

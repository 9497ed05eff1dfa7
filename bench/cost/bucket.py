"""A token bucket, which is how AWS says it throttles."""


class Bucket:
    """Fills at `rate` a second up to `burst`; time only goes forward."""

    def __init__(self, rate: float, burst: float) -> None:
        self.rate, self.burst = rate, burst
        self._level, self._at = burst, 0.0

    def take(self, now: float, count: float = 1) -> bool:
        self._level = min(self.burst, self._level + (now - self._at) * self.rate)
        self._at = now
        # A sum of fractions may miss a whole number by less than anything that is counted here.
        if self._level < count - 1e-9:
            return False
        self._level -= count
        return True

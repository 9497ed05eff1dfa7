"""What went wrong, for the person at the keyboard."""


class LocalError(Exception):
    """A sentence that says what is wrong and what to do; shown without a traceback."""

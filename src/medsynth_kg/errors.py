"""The root of every failure that medsynth-kg names; each package's ``errors`` module holds its own leaves."""


class MedsynthError(Exception):
    """A failure with a message for the person who must act; the command line prints it without a traceback."""

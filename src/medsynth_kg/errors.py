"""The root of every failure that medsynth-kg names; each package's ``errors`` module holds its own leaves."""


class MedsynthError(Exception):
    """A failure with a message for the person who must act; the command line prints it without a traceback."""


class SettingInvalid(MedsynthError):
    """A setting in the environment is not what it should be."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}; docs/settings.md has what each setting takes")

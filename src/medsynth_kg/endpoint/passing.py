"""What the gateway and the site tell each other of a request, under keys of its WSGI environment."""

AT_ONCE = "medsynth_kg.at_once"
"""Set where the request may only be answered if nobody has to wait for it; else ``NotAtOnce`` is raised."""
CANCELLATION = "medsynth_kg.cancellation"
"""What the gateway cancels when the client leaves; a ``Cancellation``."""
REFUSAL = "medsynth_kg.refusal"
"""Why the gateway does not let the request in; an error, which is to be told."""


class NotAtOnce(Exception):
    """The answer is not known yet."""

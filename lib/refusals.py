"""Refusals: what the rules say no to, in words a person can act on."""


class Refusal(Exception):
    """A request that the rules refuse; nothing was changed.

    The message is shown to the person who asked, in the words of the page.
    """

    default_message = "This cannot be done now."

    def __init__(self, message: str = "") -> None:
        self.message = message or self.default_message
        super().__init__(self.message)


class StaleVersion(Refusal):
    """Somebody else, or another tab, saved a newer version of the same thing."""

    default_message = "This changed in another tab. Both versions are below; choose which to keep."

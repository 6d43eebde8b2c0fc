"""What is wrong with a delivery.

    WebhookError
        Unproven     its sender did not prove itself
        Malformed    its body is not what its sender's documentation says

Sending the same again helps with neither.
"""


class WebhookError(Exception):
    """A sentence for the person who sets the sender up. It quotes no secret."""


class Unproven(WebhookError):
    """`is_missing`: no proof came with it at all; else a wrong one did."""

    def __init__(self, message: str, *, is_missing: bool) -> None:
        super().__init__(message)
        self.is_missing = is_missing


class Malformed(WebhookError):
    """It cannot be read, or names something that is no image."""

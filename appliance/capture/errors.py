"""What an operator is told of a file that cannot be read as a capture."""


class CaptureError(ValueError):
    """The file is no capture that we read; the text is one sentence that says what it is or lacks."""

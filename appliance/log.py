"""How processes log: one line an event, past-tense name and fields, JSON in a pipe and readable on a terminal."""

import contextlib
import logging
import sys
from typing import TextIO, cast

import structlog
from structlog.typing import EventDict, Processor


class Unfailing:
    """A stream for logs: a line that it does not take, as of a file on a full disk, is nobody's end.

    What matters is counted besides (metrics.COUNTERS), and shown where no disk is needed.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            self._stream.flush()


def configure(process: str) -> None:
    """Set up logging of this process to stderr; `process` is on every line."""
    terminal = sys.stderr.isatty()
    renderer = structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer()
    shared = [_of_process(process), structlog.processors.add_log_level]
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
    structlog.configure(
        processors=[*shared, stamp, structlog.processors.format_exc_info, renderer],
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, Unfailing(sys.stderr))),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(name)s: %(message)s")


def _of_process(process: str) -> Processor:
    """Puts the process's name on each line, whichever of its threads writes it."""

    def put(_logger: object, _method: str, event: EventDict) -> EventDict:
        return {**event, "process": process}

    return put


def logger() -> structlog.stdlib.BoundLogger:
    """A logger; events are past-tense words (`table_dropped`) with fields."""
    found: structlog.stdlib.BoundLogger = structlog.get_logger()
    return found

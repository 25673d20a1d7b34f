"""How processes log: one line an event, past-tense name and fields, JSON in a pipe and readable on a terminal."""

import logging
import sys

import structlog


def configure(process: str) -> None:
    """Set up logging of this process to stderr; `process` is on every line."""
    terminal = sys.stderr.isatty()
    renderer = structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer()
    shared = [structlog.contextvars.merge_contextvars, structlog.processors.add_log_level]
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
    structlog.configure(
        processors=[*shared, stamp, structlog.processors.format_exc_info, renderer],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
    structlog.contextvars.bind_contextvars(process=process)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(name)s: %(message)s")


def logger() -> structlog.stdlib.BoundLogger:
    """A logger; events are past-tense words (`table_dropped`) with fields."""
    found: structlog.stdlib.BoundLogger = structlog.get_logger()
    return found

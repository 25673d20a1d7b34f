"""The Typer application that every command module adds itself to, and the options they share."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="hepbox",
    help="Records and explains SIP and RTC traffic sent to it as HEP.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Config = Annotated[Path | None, typer.Option("--config", help="hepbox.ini to use", show_default=False)]
DataDir = Annotated[Path | None, typer.Option("--data-dir", help="where its data lies", show_default=False)]

"""The command hepbox: one module a command, each adding itself to `app`."""

import importlib
import pkgutil

from appliance.cli.app import app


def main() -> None:
    """Entry point: load every command of this package, then run the one that was typed."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    app(prog_name="hepbox")

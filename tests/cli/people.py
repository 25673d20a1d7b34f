"""Running `hepbox user`, `hepbox token` and `hepbox alias` against a database."""

from dataclasses import dataclass

from typer.testing import CliRunner

from appliance.cli import (  # noqa: F401
    alias,
    main,
    token,
    user,
)
from appliance.cli.app import app
from appliance.settings import MysqlSettings


@dataclass
class People:
    """An appliance with the schema and nobody in it."""

    mysql: MysqlSettings
    environment: dict[str, str]

    def run(self, *arguments: str, typed: str = "") -> str:
        """Standard output of a command that works; `typed` is its standard input."""
        done = CliRunner().invoke(app, list(arguments), input=typed, env=self.environment)
        assert done.exit_code == 0, done.output
        return done.stdout

    def fails(self, *arguments: str, typed: str = "", code: int = 1) -> str:
        """Standard error of a command that does not."""
        done = CliRunner().invoke(app, list(arguments), input=typed, env=self.environment)
        assert (done.exit_code, done.stdout) == (code, ""), done.output
        return done.stderr

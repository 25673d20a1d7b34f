"""`hepbox run`: everything in the foreground."""

from pathlib import Path
from typing import Annotated

import typer

from appliance import settings as settings_file
from appliance.cli.app import Config, DataDir, app
from appliance.cli.instance import FAILED, WRONG_USAGE, fail, read_settings, with_own_sockets
from appliance.ingest.sockets import ListenError
from appliance.rotation.policy import PolicyError
from appliance.storage.migrate import MigrationError
from appliance.supervise import data_dir as directory
from appliance.supervise.own_server import ServerError
from appliance.supervise.supervisor import Supervisor
from appliance.supervise.tree import ROLES, Plan, resolved

Roles = Annotated[str, typer.Option(help="which processes to run, by commas", show_default=False)]


@app.command()
def run(config: Config = None, data_dir: DataDir = None, roles: Roles = ",".join(ROLES)) -> None:
    """Run the appliance in the foreground until SIGTERM or SIGINT."""
    settings = resolved(read_settings(config, data_dir))
    chosen = frozenset(role.strip() for role in roles.split(","))
    if unknown := sorted(chosen - set(ROLES)):
        fail(f"--roles: there is no role {unknown[0]}; roles are {', '.join(ROLES)}", WRONG_USAGE)
    try:
        _make(settings.paths.data)
        plan = Plan(settings, chosen, directory.site_name(settings))
        Supervisor(plan, lambda: resolved(with_own_sockets(settings_file.load(config, data=data_dir)))).run()
    except (directory.DataDirError, ListenError, ServerError, MigrationError) as error:
        fail(str(error), FAILED)
    except (PolicyError, settings_file.SettingsError) as error:
        fail(str(error), WRONG_USAGE)


def _make(data: Path) -> None:
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        fail(f"{data}: cannot be made ({error.strerror}); give hepbox another directory with --data-dir", FAILED)

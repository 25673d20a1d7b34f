"""`hepbox schema`: the SQL and the least grants for a DBA's server."""

import time

from appliance.cli.app import Config, DataDir, app
from appliance.cli.instance import read_settings
from appliance.model.kinds import day_of
from appliance.storage.schema import sql


@app.command()
def schema(config: Config = None, data_dir: DataDir = None) -> None:
    """Print what the administrator of a database server of your own is to run; needs no server itself."""
    settings = read_settings(config, data_dir)
    print(sql(settings.mysql, day_of(time.time_ns() // 1000)), end="")

"""python -m appliance = hepbox."""

from appliance.cli import main

main()

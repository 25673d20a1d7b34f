"""`appliance.cli.benchmark.steady` with the messages that HOMER 5 stores: PORT RATE, until standard input ends."""

import sys

from homer5 import SipOnly

from appliance.cli.benchmark import steady

if __name__ == "__main__":
    sys.stdout.write(str(steady.send(SipOnly(), int(sys.argv[1]), int(sys.argv[2]), sys.stdin)))

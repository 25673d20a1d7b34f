"""The command hepbox."""

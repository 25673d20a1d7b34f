"""Capturing from an interface of this machine, for `hepbox sniff`."""

"""What `hepbox bench` measures, and how."""

"""A call as one HTML file that needs nothing else, and as a bundle with all its other files (FEATURES G4)."""

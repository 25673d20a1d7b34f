"""The manual. `python -m docs.generate` writes docs/reference from the code; tests see that it is current."""

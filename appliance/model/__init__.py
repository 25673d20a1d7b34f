"""The words that every other package uses: frozen values without input, output or clock."""

class Drain:
    def read(self, descriptor: int, most: int, now_us: int) -> tuple[bytes, int, int]:
        """(records as octets, how many, octets of their data). Raises OSError."""

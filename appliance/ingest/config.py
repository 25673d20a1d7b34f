"""What the supervisor hands to each process it starts: frozen, and small enough to travel."""

from dataclasses import dataclass, field
from pathlib import Path

from appliance.model.kinds import Kind
from appliance.settings import Settings, byte_count


@dataclass(frozen=True, slots=True)
class ProcessConfig:
    """One child's name and number, and the settings of the instance."""

    settings: Settings
    number: int
    site: str
    oldest_days: int
    """A packet from the network that claims to be older is filed under its time of receipt."""

    limits: dict[Kind, int] = field(default_factory=dict)
    """Octets that a message of a kind is cut to, where rotation.ini says so."""

    @property
    def spill_directory(self) -> Path:
        return self.settings.paths.data / "spill"

    @property
    def spill_limit_bytes(self) -> int:
        return byte_count(self.settings.buffer.spill_limit)

    @property
    def min_free_bytes(self) -> int:
        return byte_count(self.settings.buffer.min_free)

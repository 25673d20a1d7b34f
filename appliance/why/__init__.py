"""Messages of a call -> what happened, in sentences with their evidence. Pure."""

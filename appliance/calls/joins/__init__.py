"""Which calls are legs of one call: by values that name or equal each other, by a score without any, as a graph. Pure."""

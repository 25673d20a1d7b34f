"""Which calls are legs of one: by values that name or equal each other, without any by a score; as a graph. Pure."""

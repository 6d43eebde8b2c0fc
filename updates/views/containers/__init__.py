"""The page of all containers: narrowed, sorted, grouped, exported, and acted on many at once."""

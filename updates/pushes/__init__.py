"""What becomes of a push that a registry told of: recorded, joined with others, looked at."""

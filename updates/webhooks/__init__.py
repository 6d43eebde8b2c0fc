"""What registries tell of a push, and how they prove that it is them. Knows no Django."""

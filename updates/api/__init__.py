"""For programs: who asks by which token, and what they may ask for."""

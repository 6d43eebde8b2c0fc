"""Where the flow meets the rows: claim and lease, wiring, recorder, journal, stores, recovery."""

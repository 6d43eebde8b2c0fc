"""Pictures of each page: `make screenshots`."""

"""The pages, one a file. They read rows and never wait for an engine."""

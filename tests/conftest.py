"""The fixtures of all tests; their environment is in tests/environment.py."""

pytest_plugins = ["tests.lab.fixtures", "tests.fixtures"]

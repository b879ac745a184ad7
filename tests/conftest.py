"""What all tests share."""

pytest_plugins = ["tests.street", "tests.browser"]

"""The roof: settings, addresses, shell pages, API root, commands."""

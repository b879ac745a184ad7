"""The bare tree of units: parent, path, name, kind, code, dates. Its rules live in `organization`."""

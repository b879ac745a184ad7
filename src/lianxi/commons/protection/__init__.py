"""Protected fields: who looked at them, when and why."""

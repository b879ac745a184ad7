"""Template tags of the booth."""

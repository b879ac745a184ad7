"""Who did what, when and why: appended, never changed."""

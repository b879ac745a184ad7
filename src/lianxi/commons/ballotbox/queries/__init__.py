"""Every read of secret votes for people. Nothing here leads from a name to a ballot, for nothing is stored that does."""

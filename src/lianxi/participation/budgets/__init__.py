"""The money of a community decided by everyone equally 居民项目资金: proposals, review, ballots, equal shares, publication."""

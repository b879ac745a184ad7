"""The ballot box 票箱 and secret votes 无记名投票: what a poll asks, who may vote, the chain of its ballots, and the result."""

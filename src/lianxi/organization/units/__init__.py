"""Units 单位: the tree's rules, codes, coverage, committee terms, and the moves of its branches."""

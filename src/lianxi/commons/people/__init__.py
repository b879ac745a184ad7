"""Who holds which post, with which account, and what follows from it 人员、任职与账号.

It stands above the rulebook, which lies above the permissions: appointing is checked against rules.
"""

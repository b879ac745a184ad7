"""Tokens for programs 接口令牌: a person's own posts, narrowed to some roles, for a term."""

"""The trustees' tool 监票人工具: `lianxi trustee …`, on a computer of their own, from files and USB sticks, without a network."""

"""Computations on the command line: files in, files out, no database.

`lianxi apportion | place | share FILE` print a certificate, `lianxi verify FILE` checks one. Each command is one module here with an `Act`;
`reading` reads their files strictly; `verify` knows each certificate by its `format` key.
"""

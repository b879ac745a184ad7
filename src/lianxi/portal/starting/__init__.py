"""Starting: from a clone or a wheel to a running installation, and back to nothing.

`install` makes the environment, `assets` the page scripts, `postgres` runs the embedded database, `supervise` keeps the
processes, `prepare` brings the database up to date, `running` ties them together; `doctor` and `backup` look after what
runs. Everything here but `prepare` and `web` works without Django.
"""

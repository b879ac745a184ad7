"""Django's PostgreSQL backend with a pool that is whole again at once when the database was started anew."""

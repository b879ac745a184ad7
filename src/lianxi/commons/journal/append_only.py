"""A migration step: rows of a table are never changed nor removed."""

from django.db import migrations


def append_only(table: str) -> migrations.RunSQL:
    """UPDATE, DELETE and TRUNCATE on `table` raise, for everybody who does not own the database."""
    return migrations.RunSQL(
        f"""
        CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'rows of {table} are only appended' USING ERRCODE = 'restrict_violation'; END $$;
        CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_append_only();
        CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only();
        """,
        f"""
        DROP TRIGGER {table}_no_truncate ON {table}; DROP TRIGGER {table}_no_change ON {table};
        DROP FUNCTION {table}_append_only();
        """,
    )

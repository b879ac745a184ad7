"""Paths of the unit tree, kept by trigger. Used by models and migrations of every room."""

from typing import Any

from django.db import migrations, models


class PathField(models.TextField):  # type: ignore[type-arg]
    """Ids from the root down, `1.2.7.`; collation C, so that a prefix search uses its index on any server.

    Triggers write it; saving a record never does, however old the record in memory is.
    """

    db_returning = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("db_collation", "C")
        kwargs.setdefault("editable", False)
        kwargs.setdefault("default", "")
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        return super().pre_save(model_instance, add) if add else models.F(self.attname)


KEEP_PATHS = """
CREATE FUNCTION units_own_path() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE above text;
BEGIN
    IF NEW.parent_id IS NULL THEN
        NEW.path := NEW.id || '.';
    ELSE
        SELECT path INTO above FROM units_unit WHERE id = NEW.parent_id;
        IF TG_OP = 'UPDATE' AND above LIKE OLD.path || '%' THEN
            RAISE EXCEPTION 'a unit cannot lie below itself' USING ERRCODE = 'check_violation', CONSTRAINT = 'unit_no_cycle';
        END IF;
        NEW.path := above || NEW.id || '.';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER units_own_path_insert BEFORE INSERT ON units_unit FOR EACH ROW EXECUTE FUNCTION units_own_path();
CREATE TRIGGER units_own_path_update BEFORE UPDATE OF parent_id ON units_unit FOR EACH ROW
    WHEN (OLD.parent_id IS DISTINCT FROM NEW.parent_id) EXECUTE FUNCTION units_own_path();
CREATE FUNCTION units_paths_below() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE units_unit SET path = NEW.path || substr(path, length(OLD.path) + 1)
     WHERE path LIKE OLD.path || '_%';
    RETURN NULL;
END $$;
CREATE TRIGGER units_paths_below AFTER UPDATE OF parent_id ON units_unit FOR EACH ROW
    WHEN (OLD.path IS DISTINCT FROM NEW.path) EXECUTE FUNCTION units_paths_below();
"""
DROP_PATHS = """
DROP TRIGGER units_paths_below ON units_unit; DROP FUNCTION units_paths_below();
DROP TRIGGER units_own_path_update ON units_unit; DROP TRIGGER units_own_path_insert ON units_unit;
DROP FUNCTION units_own_path();
"""


def follow_unit(table: str, field: str) -> migrations.RunSQL:
    """Migration step: `{field}_path` of `table` follows the path of the unit in `{field}_id`, when the row or the unit moves."""
    name = f"{table}_{field}"
    return migrations.RunSQL(
        f"""
        CREATE FUNCTION {name}_path() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.{field}_path := coalesce((SELECT path FROM units_unit WHERE id = NEW.{field}_id), '');
            RETURN NEW;
        END $$;
        CREATE TRIGGER {name}_path_insert BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {name}_path();
        CREATE TRIGGER {name}_path_update BEFORE UPDATE OF {field}_id ON {table} FOR EACH ROW
            WHEN (OLD.{field}_id IS DISTINCT FROM NEW.{field}_id) EXECUTE FUNCTION {name}_path();
        CREATE FUNCTION {name}_follows() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            UPDATE {table} SET {field}_path = NEW.path WHERE {field}_id = NEW.id;
            RETURN NULL;
        END $$;
        CREATE TRIGGER {name}_follows AFTER UPDATE ON units_unit FOR EACH ROW
            WHEN (OLD.path IS DISTINCT FROM NEW.path) EXECUTE FUNCTION {name}_follows();
        """,
        f"""
        DROP TRIGGER {name}_follows ON units_unit; DROP FUNCTION {name}_follows();
        DROP TRIGGER {name}_path_update ON {table}; DROP TRIGGER {name}_path_insert ON {table};
        DROP FUNCTION {name}_path();
        """,
    )


BELOW_IN_STEPS = """
CREATE OR REPLACE FUNCTION units_paths_below() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('lianxi.paths_below', true) = 'later' THEN
        RETURN NULL;
    END IF;
    UPDATE units_unit SET path = NEW.path || substr(path, length(OLD.path) + 1)
     WHERE path LIKE OLD.path || '_%';
    RETURN NULL;
END $$;
"""


def below_in_steps() -> migrations.RunSQL:
    """Migration step: a transaction that says so lets the units below follow one by one, by its own hand (`services.hang`)."""
    at_once = KEEP_PATHS[
        KEEP_PATHS.index("CREATE FUNCTION units_paths_below") : KEEP_PATHS.index("CREATE TRIGGER units_paths_below")
    ]
    return migrations.RunSQL(BELOW_IN_STEPS, at_once.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))


def keep_paths() -> migrations.RunSQL:
    """Migration step: the unit tree keeps its own paths, and refuses a cycle."""
    return migrations.RunSQL(KEEP_PATHS, DROP_PATHS)

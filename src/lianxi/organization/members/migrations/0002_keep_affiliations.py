"""What the database keeps true about affiliations, whoever writes.

The branch on a member is the branch of the current affiliation; and at the end of a transaction a member in good standing
has exactly one current affiliation, one who left has none.
"""

from django.db import migrations

SQL = """
CREATE FUNCTION members_branch_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE members_member SET branch_id = NEW.unit_id WHERE id = NEW.member_id AND branch_id <> NEW.unit_id;
    RETURN NULL;
END $$;
CREATE TRIGGER members_branch_follows AFTER INSERT OR UPDATE ON members_affiliation FOR EACH ROW
    WHEN (NEW.until IS NULL) EXECUTE FUNCTION members_branch_follows();
CREATE FUNCTION members_one_affiliation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE about bigint; belongs boolean; held integer;
BEGIN
    IF TG_TABLE_NAME = 'members_member' THEN about := NEW.id;
    ELSIF TG_OP = 'DELETE' THEN about := OLD.member_id;
    ELSE about := NEW.member_id;
    END IF;
    SELECT standing IN ('normal', 'suspended') INTO belongs FROM members_member WHERE id = about;
    IF NOT FOUND THEN RETURN NULL; END IF;
    SELECT count(*) INTO held FROM members_affiliation a JOIN members_member m ON m.id = a.member_id
     WHERE a.member_id = about AND a.until IS NULL AND (NOT belongs OR a.unit_id = m.branch_id);
    IF held <> belongs::integer THEN
        RAISE EXCEPTION 'member % has % current affiliations', about, held
            USING ERRCODE = 'check_violation', CONSTRAINT = 'affiliation_exactly_one';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER members_one_affiliation AFTER INSERT OR UPDATE OF standing, branch_id ON members_member
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION members_one_affiliation();
CREATE CONSTRAINT TRIGGER members_one_affiliation AFTER INSERT OR UPDATE OR DELETE ON members_affiliation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION members_one_affiliation();
"""
DROP = """
DROP TRIGGER members_one_affiliation ON members_affiliation; DROP TRIGGER members_one_affiliation ON members_member;
DROP FUNCTION members_one_affiliation();
DROP TRIGGER members_branch_follows ON members_affiliation; DROP FUNCTION members_branch_follows();
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0001_initial")]

    operations = [migrations.RunSQL(SQL, DROP)]

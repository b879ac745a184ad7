"""What the tables promise, kept by the database itself, whoever writes."""

from django.db import migrations

APPEND = """
CREATE FUNCTION ballotbox_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'rows of % are only appended', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$;
CREATE FUNCTION ballotbox_same() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'rows of % are only appended', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ballotbox_entry_no_delete BEFORE DELETE ON ballotbox_entry FOR EACH ROW EXECUTE FUNCTION ballotbox_fixed();
CREATE TRIGGER ballotbox_entry_no_change BEFORE UPDATE ON ballotbox_entry FOR EACH ROW EXECUTE FUNCTION ballotbox_same();
CREATE TRIGGER ballotbox_entry_no_truncate BEFORE TRUNCATE ON ballotbox_entry FOR EACH STATEMENT EXECUTE FUNCTION ballotbox_fixed();
CREATE TRIGGER ballotbox_blob_no_delete BEFORE DELETE ON ballotbox_blob FOR EACH ROW EXECUTE FUNCTION ballotbox_fixed();
CREATE TRIGGER ballotbox_blob_no_change BEFORE UPDATE ON ballotbox_blob FOR EACH ROW EXECUTE FUNCTION ballotbox_same();
CREATE TRIGGER ballotbox_blob_no_truncate BEFORE TRUNCATE ON ballotbox_blob FOR EACH STATEMENT EXECUTE FUNCTION ballotbox_fixed();
CREATE TRIGGER ballotbox_pollevent_no_change BEFORE UPDATE OR DELETE ON ballotbox_pollevent FOR EACH ROW EXECUTE FUNCTION ballotbox_fixed();
CREATE TRIGGER ballotbox_pollevent_no_truncate BEFORE TRUNCATE ON ballotbox_pollevent FOR EACH STATEMENT EXECUTE FUNCTION ballotbox_fixed();
CREATE TRIGGER ballotbox_poll_no_delete BEFORE DELETE ON ballotbox_poll FOR EACH ROW EXECUTE FUNCTION ballotbox_fixed();
CREATE TRIGGER ballotbox_poll_no_truncate BEFORE TRUNCATE ON ballotbox_poll FOR EACH STATEMENT EXECUTE FUNCTION ballotbox_fixed();
"""

NO_APPEND = """
DROP TRIGGER ballotbox_poll_no_truncate ON ballotbox_poll; DROP TRIGGER ballotbox_poll_no_delete ON ballotbox_poll;
DROP TRIGGER ballotbox_pollevent_no_truncate ON ballotbox_pollevent; DROP TRIGGER ballotbox_pollevent_no_change ON ballotbox_pollevent;
DROP TRIGGER ballotbox_blob_no_truncate ON ballotbox_blob; DROP TRIGGER ballotbox_blob_no_change ON ballotbox_blob;
DROP TRIGGER ballotbox_blob_no_delete ON ballotbox_blob;
DROP TRIGGER ballotbox_entry_no_truncate ON ballotbox_entry; DROP TRIGGER ballotbox_entry_no_change ON ballotbox_entry;
DROP TRIGGER ballotbox_entry_no_delete ON ballotbox_entry;
DROP FUNCTION ballotbox_same(); DROP FUNCTION ballotbox_fixed();
"""

CHAIN = """
CREATE FUNCTION ballotbox_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    poll ballotbox_poll%ROWTYPE;
    before text;
    said json := NEW.text::json;
    first boolean := false;
BEGIN
    SELECT * INTO poll FROM ballotbox_poll WHERE id = NEW.poll_id FOR UPDATE;
    SELECT kind INTO before FROM ballotbox_entry WHERE poll_id = NEW.poll_id AND height = poll.height;
    IF NEW.height <> poll.height + 1
       OR coalesce(said->>'parent', '') <> poll.head
       OR (said->>'height')::integer <> NEW.height
       OR said->>'type' <> NEW.kind
       OR coalesce(said->>'payload', '') <> NEW.payload
       OR NEW.hash <> encode(sha256(convert_to(NEW.text, 'UTF8')), 'hex') THEN
        RAISE EXCEPTION 'the entry does not follow the head of its poll' USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_follows';
    END IF;
    IF NOT (
        (NEW.kind = 'Setup' AND poll.state = 'preparing' AND before IS NULL)
        OR (NEW.kind = 'Ballot' AND poll.state = 'poll_open' AND before IN ('Setup', 'Ballot'))
        OR (NEW.kind = 'EndBallots' AND poll.state = 'poll_open' AND before IN ('Setup', 'Ballot'))
        OR (NEW.kind = 'EncryptedTally' AND poll.state = 'poll_closed' AND before = 'EndBallots')
        OR (NEW.kind = 'PartialDecryption' AND poll.state = 'poll_closed' AND before IN ('EncryptedTally', 'PartialDecryption'))
        OR (NEW.kind = 'Result' AND poll.state = 'poll_closed' AND before = 'PartialDecryption')
    ) THEN
        RAISE EXCEPTION 'a % may not stand after % in state %', NEW.kind, before, poll.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_in_time';
    END IF;
    IF NEW.payload <> '' AND NOT EXISTS (SELECT FROM ballotbox_blob WHERE poll_id = NEW.poll_id AND hash = NEW.payload) THEN
        RAISE EXCEPTION 'what the entry is about is not there' USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'entry_payload_there';
    END IF;
    IF NEW.kind = 'Ballot' THEN
        IF NOT EXISTS (SELECT FROM ballotbox_credential WHERE poll_id = NEW.poll_id AND key_hash = NEW.credential AND NOT revoked) THEN
            RAISE EXCEPTION 'the credential is not in the list' USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'entry_credential_listed';
        END IF;
        first := NOT EXISTS (SELECT FROM ballotbox_entry WHERE poll_id = NEW.poll_id AND credential = NEW.credential);
        IF NOT first AND NOT poll.revote THEN
            RAISE EXCEPTION 'this credential has voted' USING ERRCODE = 'unique_violation', CONSTRAINT = 'entry_one_ballot';
        END IF;
    END IF;
    UPDATE ballotbox_poll SET head = NEW.hash, height = NEW.height, ballots = ballots + first::integer WHERE id = NEW.poll_id;
    RETURN NEW;
END $$;
CREATE TRIGGER ballotbox_chain BEFORE INSERT ON ballotbox_entry FOR EACH ROW EXECUTE FUNCTION ballotbox_chain();

CREATE FUNCTION ballotbox_blob_named() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.hash <> encode(sha256(NEW.text), 'hex') THEN
        RAISE EXCEPTION 'the name is not the hash of the content' USING ERRCODE = 'check_violation', CONSTRAINT = 'blob_named';
    END IF;
    IF NOT EXISTS (SELECT FROM ballotbox_poll WHERE id = NEW.poll_id AND state IN ('preparing', 'poll_open', 'poll_closed')) THEN
        RAISE EXCEPTION 'nothing is added now' USING ERRCODE = 'check_violation', CONSTRAINT = 'blob_in_time';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ballotbox_blob_named BEFORE INSERT ON ballotbox_blob FOR EACH ROW EXECUTE FUNCTION ballotbox_blob_named();
"""

NO_CHAIN = """
DROP TRIGGER ballotbox_blob_named ON ballotbox_blob; DROP FUNCTION ballotbox_blob_named();
DROP TRIGGER ballotbox_chain ON ballotbox_entry; DROP FUNCTION ballotbox_chain();
"""

POLL = """
CREATE FUNCTION ballotbox_poll_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'draft' OR NEW.height <> -1 OR NEW.head <> '' OR NEW.ballots <> 0 THEN
        RAISE EXCEPTION 'a poll begins as a draft' USING ERRCODE = 'check_violation', CONSTRAINT = 'poll_begins';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ballotbox_poll_begins BEFORE INSERT ON ballotbox_poll FOR EACH ROW EXECUTE FUNCTION ballotbox_poll_begins();

CREATE FUNCTION ballotbox_poll_forwards() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last text;
BEGIN
    IF (NEW.head, NEW.height, NEW.ballots) IS DISTINCT FROM (OLD.head, OLD.height, OLD.ballots) AND pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'only an entry moves the head' USING ERRCODE = 'check_violation', CONSTRAINT = 'poll_head_by_entry';
    END IF;
    IF NEW.uuid <> OLD.uuid OR NEW.unit_id <> OLD.unit_id OR NEW.created_at <> OLD.created_at
       OR (OLD.attended IS NOT NULL AND (NEW.attended, NEW.cards_given) IS DISTINCT FROM (OLD.attended, OLD.cards_given)
           AND (NEW.attended IS NULL OR EXISTS (SELECT FROM ballotbox_trusteefile f JOIN ballotbox_trustee t ON t.id = f.trustee_id
                                                WHERE t.poll_id = NEW.id AND f.step = 'share')))
       OR (OLD.stamp <> 0 AND NEW.stamp <> OLD.stamp)
       OR (OLD.state <> 'draft' AND NEW.state <> 'draft' AND
           (NEW.title, NEW.about, NEW.kind, NEW.most, NEW.rule, NEW.revote, NEW.is_election, NEW.approval, NEW.threshold,
            NEW.few_reason, NEW.giver_id, NEW.opens_on, NEW.place)
           IS DISTINCT FROM
           (OLD.title, OLD.about, OLD.kind, OLD.most, OLD.rule, OLD.revote, OLD.is_election, OLD.approval, OLD.threshold,
            OLD.few_reason, OLD.giver_id, OLD.opens_on, OLD.place)) THEN
        RAISE EXCEPTION 'what is put to the vote does not change' USING ERRCODE = 'check_violation', CONSTRAINT = 'poll_fixed';
    END IF;
    IF NEW.state = OLD.state THEN
        RETURN NEW;
    END IF;
    IF (OLD.state, NEW.state) NOT IN (
        ('draft', 'preparing'), ('preparing', 'draft'), ('preparing', 'poll_open'), ('poll_open', 'poll_closed'),
        ('poll_closed', 'counted'), ('counted', 'published'),
        ('draft', 'withdrawn'), ('preparing', 'withdrawn'), ('poll_open', 'withdrawn'), ('poll_closed', 'withdrawn')
    ) THEN
        RAISE EXCEPTION 'a poll does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation', CONSTRAINT = 'poll_forwards';
    END IF;
    SELECT kind INTO last FROM ballotbox_entry WHERE poll_id = NEW.id AND height = NEW.height;
    IF (NEW.state = 'poll_open' AND last IS DISTINCT FROM 'Setup')
       OR (NEW.state = 'poll_closed' AND last IS DISTINCT FROM 'EndBallots')
       OR (NEW.state = 'counted' AND last IS DISTINCT FROM 'Result') THEN
        RAISE EXCEPTION 'the chain of the poll is not there yet: % at %', NEW.state, last
            USING ERRCODE = 'check_violation', CONSTRAINT = 'poll_state_of_chain';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ballotbox_poll_forwards BEFORE UPDATE ON ballotbox_poll FOR EACH ROW EXECUTE FUNCTION ballotbox_poll_forwards();
"""

NO_POLL = """
DROP TRIGGER ballotbox_poll_forwards ON ballotbox_poll; DROP FUNCTION ballotbox_poll_forwards();
DROP TRIGGER ballotbox_poll_begins ON ballotbox_poll; DROP FUNCTION ballotbox_poll_begins();
"""

FROZEN = """
CREATE FUNCTION ballotbox_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE found bigint;
BEGIN
    IF TG_OP = 'DELETE' THEN found := OLD.poll_id; ELSE found := NEW.poll_id; END IF;
    IF TG_OP = 'UPDATE' AND NEW.poll_id <> OLD.poll_id
       OR NOT EXISTS (SELECT FROM ballotbox_poll WHERE id = found AND state = 'draft') THEN
        RAISE EXCEPTION 'rows of % are frozen', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ballotbox_item_frozen BEFORE INSERT OR UPDATE OR DELETE ON ballotbox_item FOR EACH ROW EXECUTE FUNCTION ballotbox_frozen();
CREATE TRIGGER ballotbox_rollentry_frozen BEFORE INSERT OR UPDATE OR DELETE ON ballotbox_rollentry FOR EACH ROW EXECUTE FUNCTION ballotbox_frozen();
CREATE TRIGGER ballotbox_trustee_frozen BEFORE INSERT OR UPDATE OR DELETE ON ballotbox_trustee FOR EACH ROW EXECUTE FUNCTION ballotbox_frozen();

CREATE FUNCTION ballotbox_cards() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE found bigint;
BEGIN
    IF TG_OP = 'DELETE' THEN found := OLD.poll_id; ELSE found := NEW.poll_id; END IF;
    IF TG_OP = 'UPDATE' OR NOT EXISTS (SELECT FROM ballotbox_poll WHERE id = found AND state = 'preparing' AND height = -1) THEN
        RAISE EXCEPTION 'cards are made before the vote' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'INSERT' AND NEW.key_hash <> encode(sha256(convert_to(NEW.key, 'UTF8')), 'hex') THEN
        RAISE EXCEPTION 'the name is not the hash of the key' USING ERRCODE = 'check_violation', CONSTRAINT = 'credential_named';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ballotbox_credential_made BEFORE INSERT OR UPDATE OR DELETE ON ballotbox_credential FOR EACH ROW EXECUTE FUNCTION ballotbox_cards();

CREATE FUNCTION ballotbox_trustee_files() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    file ballotbox_trusteefile%ROWTYPE;
    at_present text;
BEGIN
    IF TG_OP = 'DELETE' THEN file := OLD; ELSE file := NEW; END IF;
    SELECT p.state INTO at_present FROM ballotbox_poll p JOIN ballotbox_trustee t ON t.poll_id = p.id WHERE t.id = file.trustee_id;
    IF TG_OP = 'UPDATE' OR (TG_OP = 'DELETE' AND file.step = 'share')
       OR at_present IS DISTINCT FROM (CASE WHEN file.step = 'share' THEN 'poll_closed' ELSE 'preparing' END) THEN
        RAISE EXCEPTION 'a file of a trustee does not change' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ballotbox_trusteefile_fixed BEFORE INSERT OR UPDATE OR DELETE ON ballotbox_trusteefile FOR EACH ROW EXECUTE FUNCTION ballotbox_trustee_files();
"""

NO_FROZEN = """
DROP TRIGGER ballotbox_trusteefile_fixed ON ballotbox_trusteefile; DROP FUNCTION ballotbox_trustee_files();
DROP TRIGGER ballotbox_credential_made ON ballotbox_credential; DROP FUNCTION ballotbox_cards();
DROP TRIGGER ballotbox_trustee_frozen ON ballotbox_trustee; DROP TRIGGER ballotbox_rollentry_frozen ON ballotbox_rollentry;
DROP TRIGGER ballotbox_item_frozen ON ballotbox_item; DROP FUNCTION ballotbox_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("ballotbox", "0001_initial")]

    operations = [
        migrations.RunSQL(APPEND, NO_APPEND),
        migrations.RunSQL(CHAIN, NO_CHAIN),
        migrations.RunSQL(POLL, NO_POLL),
        migrations.RunSQL(FROZEN, NO_FROZEN),
    ]

"""On PostgreSQL no line of the audit trail changes or goes, whoever asks.

One exception: `rotate_identity_key` seals `detail` again under a new key. It says so in its transaction
(`SET LOCAL umkm.rotating`), and then no other column may differ. TRUNCATE is left alone: only the table's
owner may, and the test suite empties its tables with it.
"""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION accounts_auditentry_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('umkm.rotating', true) = 'on'
        AND (NEW.id, NEW.recorded_at, NEW.recorded_by_id, NEW.act, NEW.target_type, NEW.target_id, NEW.about)
            IS NOT DISTINCT FROM
            (OLD.id, OLD.recorded_at, OLD.recorded_by_id, OLD.act, OLD.target_type, OLD.target_id, OLD.about)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The audit trail is append-only.' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER accounts_auditentry_append_only BEFORE UPDATE OR DELETE ON accounts_auditentry
    FOR EACH ROW EXECUTE FUNCTION accounts_auditentry_append_only();
"""
BACKWARDS = """
DROP TRIGGER accounts_auditentry_append_only ON accounts_auditentry;
DROP FUNCTION accounts_auditentry_append_only();
"""


def run(sql):
    def step(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql, params=None)

    return step


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_saved_views_and_answered_requests")]
    operations = [migrations.RunPython(run(FORWARDS), run(BACKWARDS))]

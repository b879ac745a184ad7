from django.db import migrations

from lianxi.commons.journal.append_only import append_only


class Migration(migrations.Migration):
    """What happened to an import, and what was taken out, is never changed."""

    dependencies = [("papers", "0001_initial")]
    operations = [append_only("papers_importevent"), append_only("papers_export")]

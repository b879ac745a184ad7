from django.db import migrations

from lianxi.commons.units.paths import below_in_steps


class Migration(migrations.Migration):

    dependencies = [
        ('units', '0002_outlines'),
    ]

    operations = [
        below_in_steps(),
    ]

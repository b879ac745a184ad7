from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('org_units', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='move',
            name='done',
            field=models.PositiveIntegerField(default=0),
        ),
    ]

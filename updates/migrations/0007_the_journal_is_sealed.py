"""Snapshots of containers hold their environments: encrypted from here on, and told apart."""

from django.db import migrations, models

from updates.models.encrypted import EncryptedJSONField
from updates.runs.journal import readable


def seal(apps, schema_editor):
    replacements = apps.get_model("updates", "Replacement")
    for row in replacements.objects.exclude(plain={}).iterator():
        row.snapshot = row.plain
        for name, value in readable(row.plain).items():
            setattr(row, name, value)
        row.save()


class Migration(migrations.Migration):
    dependencies = [("updates", "0006_holds_and_last_lines")]
    operations = [
        migrations.RenameField("replacement", "snapshot", "plain"),
        migrations.AddField(
            "replacement", "old_image_id", models.CharField(blank=True, max_length=150)
        ),
        migrations.AddField(
            "replacement", "new_image_id", models.CharField(blank=True, max_length=150)
        ),
        migrations.AddField(
            "replacement", "restart_policy", models.CharField(blank=True, max_length=30)
        ),
        migrations.AddField(
            "replacement",
            "volumes",
            models.JSONField(blank=True, default=dict, verbose_name="anonymous volumes"),
        ),
        migrations.AddField("replacement", "networks", models.JSONField(blank=True, default=dict)),
        migrations.AddField(
            "replacement",
            "snapshot",
            EncryptedJSONField(
                default=dict, editable=False, verbose_name="inspect of the old container"
            ),
        ),
        migrations.AddField(
            "replacement",
            "body",
            EncryptedJSONField(default=dict, editable=False, verbose_name="body of the create"),
        ),
        migrations.RunPython(seal, migrations.RunPython.noop),
        migrations.RemoveField("replacement", "plain"),
    ]

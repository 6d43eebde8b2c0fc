"""What the overview counts by the hour, from the results so far; the first steps; an index."""

from datetime import timedelta

from django.db import migrations, models
from django.db.models import Count
from django.db.models.functions import TruncHour
from django.utils import timezone

KEPT = timedelta(days=31)  # The chart shows a month.


def count(apps, schema_editor):
    results = apps.get_model("updates", "ContainerResult").objects.filter(
        state__in=("updated", "rolled_back", "failed"),
        host_run__finished_at__gte=timezone.now() - KEPT,
    )
    hour = TruncHour("host_run__finished_at", tzinfo=timezone.get_fixed_timezone(0))
    counted = results.order_by().values_list(hour, "state").annotate(Count("pk"))
    model = apps.get_model("updates", "HourCount")
    model.objects.bulk_create(
        model(hour=hour, state=state, number=number) for hour, state, number in counted
    )


class Migration(migrations.Migration):

    dependencies = [
        ('updates', '0016_audit'),
    ]

    operations = [
        migrations.CreateModel(
            name='HourCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hour', models.DateTimeField()),
                ('state', models.CharField(choices=[('fresh', 'fresh'), ('stale', 'stale'), ('updated', 'updated'), ('restarted', 'restarted'), ('rolled_back', 'rolled_back'), ('failed', 'failed'), ('skipped', 'skipped')], max_length=12)),
                ('number', models.PositiveIntegerField(default=0)),
            ],
            options={
                'ordering': ('-hour', 'state'),
            },
        ),
        migrations.AddField(
            model_name='preference',
            name='put_off',
            field=models.CharField(blank=True, db_default='', default='', editable=False, help_text='Names of steps, separated by spaces.', max_length=200, verbose_name='first steps put off'),
        ),
        migrations.AlterField(
            model_name='containerresult',
            name='state',
            field=models.CharField(blank=True, choices=[('fresh', 'Fresh'), ('stale', 'Stale'), ('updated', 'Updated'), ('restarted', 'Restarted'), ('rolled_back', 'Rolled back'), ('failed', 'Failed'), ('skipped', 'Skipped')], max_length=12),
        ),
        migrations.AddIndex(
            model_name='containerresult',
            index=models.Index(fields=['state', 'id'], name='results_by_state'),
        ),
        migrations.AddConstraint(
            model_name='hourcount',
            constraint=models.UniqueConstraint(fields=('hour', 'state'), name='an_hour_once_per_state'),
        ),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]

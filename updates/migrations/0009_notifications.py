
import django.db.models.deletion
import django.utils.timezone
import updates.models.channel
import updates.models.encrypted
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('updates', '0008_schedules'),
    ]

    operations = [
        migrations.AddField(
            model_name='hostrun',
            name='told_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.CreateModel(
            name='Channel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True)),
                ('enabled', models.BooleanField(default=True, help_text='Without it nothing is sent.')),
                ('kind', models.CharField(choices=[('apprise', 'A service, by its Apprise URL'), ('email', 'E-mail')], default='apprise', max_length=10)),
                ('url', updates.models.encrypted.EncryptedTextField(blank=True, verbose_name='Apprise URL')),
                ('addresses', models.TextField(blank=True, help_text='E-mail addresses, separated by commas or line ends.')),
                ('service', models.CharField(blank=True, editable=False, max_length=200)),
                ('events', models.JSONField(default=updates.models.channel.usual_events)),
                ('containers', models.TextField(blank=True, help_text='Names, * and ? are wildcards; one a line or separated by commas. Empty: every container.')),
                ('min_severity', models.PositiveSmallIntegerField(choices=[(1, 'Everything'), (2, 'Warnings and errors'), (3, 'Errors only')], default=1, verbose_name='at least')),
                ('digest_minutes', models.PositiveIntegerField(choices=[(0, 'At once, one message per run'), (60, 'Gathered for an hour'), (1440, 'Gathered for a day'), (10080, 'Gathered for a week')], default=0, verbose_name='when')),
                ('quiet_from', models.TimeField(blank=True, help_text='From then on messages wait, e.g. 22:00.', null=True)),
                ('quiet_until', models.TimeField(blank=True, help_text='Then they are sent, e.g. 7:00.', null=True)),
                ('zone', models.CharField(default='UTC', help_text='Of the quiet hours, e.g. Europe/Rome.', max_length=60, verbose_name='time zone')),
                ('preset', models.CharField(choices=[('short', 'Short'), ('watchtower', "Watchtower's report"), ('porcelain', "Watchtower's porcelain v1"), ('own', 'My own template')], default='short', max_length=12, verbose_name='text')),
                ('title', models.CharField(blank=True, default='Watchweb: {{ summary }}', help_text='A template too. Empty: no title.', max_length=300)),
                ('template', models.TextField(blank=True, max_length=10000)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('hosts', models.ManyToManyField(blank=True, help_text='None chosen: all of them.', to='updates.host')),
            ],
            options={
                'ordering': ('name',),
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('news', 'News'), ('digest', 'Digest'), ('test', 'Test')], default='news', max_length=10)),
                ('state', models.CharField(choices=[('queued', 'Queued'), ('sent', 'Sent'), ('failed', 'Failed'), ('empty', 'Nothing to send')], default='queued', max_length=10)),
                ('severity', models.PositiveSmallIntegerField(default=1)),
                ('title', models.TextField(blank=True)),
                ('text', models.TextField(blank=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_try_at', models.DateTimeField(blank=True, default=django.utils.timezone.now, null=True)),
                ('error', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='updates.channel')),
                ('run', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='updates.updaterun')),
            ],
            options={
                'verbose_name_plural': 'deliveries',
                'ordering': ('-created_at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event', models.CharField(choices=[('update_available', 'Update available'), ('updated', 'Updated'), ('restarted', 'Restarted with another'), ('rolled_back', 'Rolled back'), ('failed', 'Update failed'), ('skipped', 'Skipped'), ('host_away', 'Host unreachable'), ('host_back', 'Host reachable again'), ('run_failed', 'Run broken off'), ('registry_failing', 'Registry failing'), ('registry_back', 'Registry answers again')], max_length=20)),
                ('facts', models.JSONField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='updates.channel')),
                ('delivery', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='updates.delivery')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='updates.updaterun')),
            ],
            options={
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='Told',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=400)),
                ('topic', models.CharField(max_length=10)),
                ('value', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='told', to='updates.channel')),
                ('host', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to='updates.host')),
            ],
        ),
        migrations.AddConstraint(
            model_name='channel',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('quiet_from', None), ('quiet_until', None)), models.Q(('quiet_from__isnull', False), ('quiet_until__isnull', False)), _connector='OR'), name='quiet_hours_have_both_ends'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'queued')), fields=['next_try_at'], name='deliveries_to_send'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('delivery', None)), fields=['channel'], name='notices_that_wait'),
        ),
        migrations.AddConstraint(
            model_name='told',
            constraint=models.UniqueConstraint(fields=('channel', 'subject', 'topic'), name='one_memory_per_subject'),
        ),
    ]

"""Fill what `Registry.save` keeps since 0002, for the rows that were saved before it."""

from datetime import UTC, datetime

from django.db import migrations

from updates.registry.tls.certificates import load_ca_bundle
from updates.registry.logins.credentials import Credentials, fingerprint_of
from updates.registry.errors import TrustError


def fill(apps, schema_editor):
    """The credentials' fingerprint, and the day the first CA certificate ends."""
    registries = apps.get_model("updates", "Registry")
    for row in registries.objects.all():
        saved = Credentials(row.username, row.password) if row.password else None
        row.fingerprint = fingerprint_of(saved)
        row.ca_expires_at = _first_end(row.ca_pem)
        row.save(update_fields=["fingerprint", "ca_expires_at"])


def _first_end(pem):
    try:
        bundle = load_ca_bundle(pem, now=datetime.now(UTC), expired_may_stay=True)
    except TrustError:
        return None
    return min(one.not_after for one in bundle.certificates)


class Migration(migrations.Migration):
    dependencies = [("updates", "0002_registries_and_answers")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

"""What is stale? Changes nothing, pulls nothing."""

from updates.flow.session import Kind
from updates.management.foreground import RunCommand


class Command(RunCommand):
    help = "Check containers against their registries. Changes nothing, pulls nothing."
    kind = Kind.SCAN
    examples = (
        "  manage.py scan\n"
        "  manage.py scan web 'shop-*' --host nas --json\n"
        "  manage.py scan --max-age 3600\n"
        "  manage.py scan --registry-ca ca.pem --registry-ca-validate"
    )

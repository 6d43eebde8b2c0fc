"""The WSGI entry point that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from watchweb import stopping, warm

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "watchweb.settings")

application = get_wsgi_application()
warm.settle()
stopping.heed_sigterm()

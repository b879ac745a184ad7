"""The door for web servers."""

import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from lianxi.commons.blinding import demand_keys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianxi.portal.settings")
try:
    demand_keys()
except ImproperlyConfigured as error:
    raise SystemExit(f"✗ {error}") from None
application = get_wsgi_application()

"""The web application as a WSGI server (granian) runs it."""

from django.core.wsgi import get_wsgi_application

from motcua.runtime import stopping

stopping.watch()
application = get_wsgi_application()

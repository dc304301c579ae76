"""The web application as a WSGI server (granian) runs it."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

"""The application that gunicorn serves: `gunicorn django_wsgi:application` from this folder."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

"""The smallest Django project around the view. Run: django_project.py <port>, with the view's folder on PYTHONPATH."""

import sys

from django.conf import settings
from django.core.management import execute_from_command_line

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="used for nothing here",
    MIDDLEWARE=["django.middleware.common.CommonMiddleware", "django.middleware.csrf.CsrfViewMiddleware"],
)

from django.urls import path  # noqa: E402 (needs the settings)
from pacspace_webhook import pacspace_webhook  # noqa: E402

urlpatterns = [path("webhooks/pacspace", pacspace_webhook)]

if __name__ == "__main__":
    execute_from_command_line([sys.argv[0], "runserver", f"127.0.0.1:{sys.argv[1]}", "--noreload"])

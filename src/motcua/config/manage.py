"""Django's own commands for those who develop: ``python -m motcua.config.manage makemigrations``."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run a Django command against the configured database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.config.settings")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()

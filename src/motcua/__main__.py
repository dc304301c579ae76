"""``python -m motcua`` is the same as ``motcua``."""

from motcua.cli.main import main

main()

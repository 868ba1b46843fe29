"""``python -m evalbook.cli`` runs the command."""

from evalbook.cli import main

main()

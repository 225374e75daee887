"""`python -m amana …`."""

from amana.cli import main

main()

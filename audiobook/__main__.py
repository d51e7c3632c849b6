"""`python -m audiobook`."""

from audiobook.cli import main

main()

"""`python -m audiobook`."""

from audiobook.cli import main

if __name__ == "__main__":  # else a worker imports it, too
    main()

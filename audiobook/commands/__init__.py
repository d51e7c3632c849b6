"""What can be asked for, a command a file. Each parses, calls and prints, and imports what it needs when it runs."""

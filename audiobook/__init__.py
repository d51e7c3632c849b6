"""Repairs scraped text, speaks it offline and makes a chaptered, tagged, levelled MP3."""

__version__ = "0.1.0"

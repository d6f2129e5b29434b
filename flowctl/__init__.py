"""Adobe Experience Platform dataflows as code."""

__version__ = "0.1.0"

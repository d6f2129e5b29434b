"""Adobe Experience Platform dataflows as code."""

__version__ = "0.1.0"
__specs_date__ = "2026-11-26"
"""The day on which the pinned flow specs and connectors were last compared with Adobe's documents."""

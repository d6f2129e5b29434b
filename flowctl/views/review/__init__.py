"""A plan as a reviewer reads it: by pipeline, mappings by destination, schedules as times. No format is known here."""

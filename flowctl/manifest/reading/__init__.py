"""Files of a workspace to documents: which files there are, their text, and what was kept of them. All I/O is here."""

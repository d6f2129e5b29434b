"""Planning: what is desired, recorded and live becomes changes."""

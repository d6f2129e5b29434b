"""The live checks of the kinds: what is asked from the platform before anything is sent, one file a check."""

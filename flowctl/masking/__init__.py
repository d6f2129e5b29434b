"""The secret values of a run, and how a text is freed of them in whatever coding they come back."""

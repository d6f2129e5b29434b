"""Results as text for people, as JSON for scripts, as Markdown for pull requests. Nothing here decides anything."""

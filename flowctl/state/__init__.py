"""What is recorded beside the manifests: lockfile, journal, run lock."""

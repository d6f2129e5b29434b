"""Accept drift: live values become those of the manifests and of the lockfile."""

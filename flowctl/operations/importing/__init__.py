"""Import: the live flows of a sandbox, and what they stand on, as manifests that describe them exactly."""

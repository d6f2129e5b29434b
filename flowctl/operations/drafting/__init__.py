"""The first manifest of a pipeline: made of what a source holds and of the fields of a schema."""

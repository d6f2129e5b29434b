"""Valid documents into wanted resources: one document of a pipeline becomes the objects that the platform needs."""

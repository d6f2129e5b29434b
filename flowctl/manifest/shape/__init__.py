"""The shape of documents: the published JSON Schemas, a fast check with them, and what is wrong in words."""

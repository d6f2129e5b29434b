"""Parts of documents that several kinds have, and the resources that they become."""

"""Read the files of a workspace into documents: discovery, text and cache. All I/O of manifests is here."""

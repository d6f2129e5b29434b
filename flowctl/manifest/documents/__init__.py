"""The kinds of documents that manifests hold, one file each."""

"""The record as files beside the manifests."""

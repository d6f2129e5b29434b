"""The documented pages of sources: their requests, replayed on the emulator and made by manifests."""

"""What commands print and send, recorded, so that two checkouts can be compared."""

"""One file per kind of platform object: what it looks like on the wire, as data and pure functions."""

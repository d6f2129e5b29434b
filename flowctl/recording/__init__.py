"""Records of what a client and Experience Platform said to each other, without anything that belongs to a person.

A record keeps what is known to be structure and replaces everything else: the same value by the same placeholder, so
that references hold. `comparing` tells how two replies differ once both are written this way.
"""

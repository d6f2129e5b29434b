"""Small semantic changes to the product, one at a time: each has to turn a test red."""

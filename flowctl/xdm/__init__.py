"""XDM schemas: resolution of `allOf` and `$ref`, paths into a schema, types, and what may change.

A leaf: it imports the standard library only and knows neither flowctl nor the emulator, which both may use it.
"""

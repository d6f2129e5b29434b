"""The mapping language of Data Prep: expressions, their functions, paths into records, conversion to a field's type.

A leaf: it imports the standard library and the package `regex`, and knows neither flowctl nor the emulator, which
both may use it. What it says is held against the examples that Adobe publishes for the functions, and against Apache
Commons JEXL on Java.
"""

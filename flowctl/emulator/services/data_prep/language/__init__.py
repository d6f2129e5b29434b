"""The expression language of Data Prep: tokens, parser, evaluation, and a subset of its functions."""

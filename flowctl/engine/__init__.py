"""From wanted and recorded to observed, planned and done."""

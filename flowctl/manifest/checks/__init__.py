"""What a JSON Schema cannot say about one document: its connector, its flow spec, its paths, its keys."""

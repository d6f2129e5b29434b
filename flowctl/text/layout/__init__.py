"""The form of YAML text: indentation, blanks and empty lines. Content, order, quotes and comments stay as they are."""

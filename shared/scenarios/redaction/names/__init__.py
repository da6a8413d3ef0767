"""Names of people: introductions, mentions, scripts, and words that are no names."""

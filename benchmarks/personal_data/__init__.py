"""Personal data in drafts, measured with planted values: ``python -m benchmarks.personal_data``."""

"""Traces: spans received by OTLP, collected by trace and assembled to sessions."""

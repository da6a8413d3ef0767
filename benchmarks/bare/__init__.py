"""The same endpoints with no framework, the least that a Python function can be.

A Pydantic model, boto3's low-level client and a function that returns the gateway's response: no
routing, no logger, no metrics, no idempotency. Packaged like the textbook's, but byte-compiled.
"""

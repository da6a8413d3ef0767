"""The same endpoints as a tutorial writes them, to compare with.

FastAPI's own defaults, Mangum, Powertools' Logger, Tracer and Metrics as decorators, and the
boto3 resource. Packaged as ``sam build`` packages: dependencies beside the handler, no byte-code.
"""

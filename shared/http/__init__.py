"""The edge: what every endpoint does the same way between API Gateway and its service."""

"""The table. The only package that names DynamoDB."""

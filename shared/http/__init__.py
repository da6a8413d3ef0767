"""HTTP layer of every endpoint: from API Gateway's event to the service, and back."""

"""Authorization of requests, apart from the rest of identity for its small import closure."""

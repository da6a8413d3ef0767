"""Usage of an organization: sessions, turns, tokens and cost by day, and its limits."""

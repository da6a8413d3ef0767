"""Outgoing requests to hosts that an organization chooses."""

"""Scenario library: stored scenarios and their lists."""

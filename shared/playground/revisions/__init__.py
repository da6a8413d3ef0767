"""Workflow revisions: states of a workflow that can be edited, tried and activated."""

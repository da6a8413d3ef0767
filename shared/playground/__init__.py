"""Workflow playground: graphs, catalog, workflows with revisions, and sessions."""

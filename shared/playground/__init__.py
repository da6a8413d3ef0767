"""The workflow playground: graphs, the catalog, workflows with revisions, and sessions."""

"""Parts of the report: one module measures and presents one subject."""

"""Everything the functions share. Packed once, as a Lambda layer."""

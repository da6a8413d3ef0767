"""Personal data: found, replaced by placeholders in words and by stand-ins in worlds."""

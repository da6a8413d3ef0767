"""Change events: entity changes, published on the event bus."""

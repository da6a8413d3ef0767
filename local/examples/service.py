"""Examples of functions/service/."""

from local.examples.example import Example

EXAMPLES = {
    "service.health": Example(),
    "service.openapi": Example(),
    "service.docs": Example(),
    "service.console": Example(),
}

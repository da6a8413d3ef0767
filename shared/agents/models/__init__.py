"""Language models of the stack, as the API lists them."""

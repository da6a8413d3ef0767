"""Language models behind one port, and the registry that names them."""

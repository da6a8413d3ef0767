"""The local stack and the tasks of the Makefile: used by make, never deployed."""

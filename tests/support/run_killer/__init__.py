"""What ends runs of a function in the middle; see ``sitecustomize``."""

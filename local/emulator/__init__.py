"""MiniStack, the AWS emulator of the local stack, with the gaps closed that affect the stack.

Each module closes one gap, by replacing private functions of the one version that
pyproject.toml pins. See docs/decisions/0001-local-emulator.md.
"""

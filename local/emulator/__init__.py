"""MiniStack, the emulated AWS of the local stack, with the gaps closed that matter to the stack.

Each module closes one gap, by replacing private functions of the one version that
pyproject.toml pins. docs/decisions/0001-local-emulator.md says why.
"""

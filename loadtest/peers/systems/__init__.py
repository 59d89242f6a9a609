"""The systems that are compared, each in a module of its own."""

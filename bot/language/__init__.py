"""Reading a message: what it asks, what it names, and whether it is a warning sign."""

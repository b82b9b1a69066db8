"""How messages come in and replies go out: only what differs from Rasa's own connectors."""

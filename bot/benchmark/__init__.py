"""Lumbar beside Rasa's default configuration: same machine, same run, same training data, same questions."""

"""Custom actions, one module each. They answer from `bot.content` and import neither Rasa nor TensorFlow."""

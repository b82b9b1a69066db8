"""Measuring how well the assistant reads and answers. Plain modules; the commands are in `bot.commands`."""

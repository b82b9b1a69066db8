"""The commands of `python -m bot`, a module each; every one has `main(arguments) -> exit status`."""

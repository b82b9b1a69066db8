"""Rasa's own command line, without TensorFlow: `python -m tests.stories.rasa_cli test core …`."""

from __future__ import annotations

from bot import tensorflow_stub

tensorflow_stub.install()  # before anything imports Rasa

from rasa.__main__ import main  # noqa: E402

if __name__ == "__main__":
    main()

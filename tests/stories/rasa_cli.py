"""Rasa's own command line, without TensorFlow: `python -m tests.stories.rasa_cli test core …`."""

from __future__ import annotations

from bot import import_stubs

import_stubs.install()  # before anything imports Rasa

from rasa.__main__ import main  # noqa: E402

if __name__ == "__main__":
    main()

"""The widget (source, build) and the pages that show it."""

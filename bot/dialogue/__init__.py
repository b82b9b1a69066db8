"""Deciding what comes next."""

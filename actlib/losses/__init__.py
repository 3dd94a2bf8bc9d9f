"""Losses whose slope is computed without the cancellation that their formula has."""

"""What is wrong with a time that somebody typed."""


class BadTimetable(ValueError):
    """A sentence for the person who typed it."""

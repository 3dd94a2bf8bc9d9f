"""What is too long for every run takes turns, day by day."""

PARTS = 4


def due(items, day):
    """The items whose turn it is: each comes once in PARTS days."""
    return items[day.toordinal() % PARTS :: PARTS]

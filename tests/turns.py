"""What is too long for every run takes turns, day by day: within a week all has had its turn."""

PARTS = 7


def due(items, day):
    """The items whose turn it is: each comes once in PARTS days."""
    return items[day.toordinal() % PARTS :: PARTS]

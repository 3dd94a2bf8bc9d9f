"""What is too long for every run takes turns, day by day: in two weeks all has had its turn.

Once a week the workflow asks for all of it.
"""

PARTS = 14


def due(items, day):
    """The items whose turn it is: each comes once in PARTS days."""
    return items[day.toordinal() % PARTS :: PARTS]

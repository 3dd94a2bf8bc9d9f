"""Many threads at once, while another sets the precision of mpmath for all of them."""

import threading

import mpmath


def disturbed(ask, count=16):
    """What `ask` returns in each of `count` threads."""
    found = []

    def disturb():
        while len(found) < count:
            mpmath.mp.prec = 10 if mpmath.mp.prec == 53 else 53

    before = mpmath.mp.prec
    asking = [threading.Thread(target=lambda: found.append(ask())) for _ in range(count)]
    threads = [threading.Thread(target=disturb), *asking]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    mpmath.mp.prec = before
    return found

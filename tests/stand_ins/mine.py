"""Functions of a user, most of whom do what a function must not."""

import ctypes
import os
import signal
import subprocess
import sys
import time

import numpy as np

__version__ = "0.7"
constant = 3.0


def twice(x, by=2.0):
    return x * x.dtype.type(by)


def a_list(x):
    return x.tolist()


def nothing(x):
    x.sum()


def wide(x):
    return x.astype(np.float64)


def short(x):
    return x[1:]


def writes(x):
    x[0] = 1
    return x


def raises(x):
    raise ValueError("no\nand no again")


def leaves(x):
    sys.exit(3)


def prints(x):
    print("from Python")
    os.write(1, b"from C\n")
    return x


def ends(x):
    """As a crash of C would, or a call of exit, or never, as the first number says."""
    if x[0] == 1:
        os.kill(os.getpid(), signal.SIGSEGV)
    if x[0] == 2:
        os._exit(3)
    if x[0] == 3:
        time.sleep(1000)
    if x[0] == 4:
        raise ValueError("not 4")
    return x


def starts_another(x):
    """Which hangs too; told by its process id."""
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"])
    os.write(2, f"{other.pid}\n".encode())
    ctypes.CDLL(None).sleep(1000)

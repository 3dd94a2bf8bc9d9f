"""What a peer is, and what each of its answers has to be."""

import importlib
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Compute = Callable[[NDArray[Any]], NDArray[Any]]


class SpecError(Exception):
    """What a SPEC names cannot be made. One line: why, and what to do."""


class CallError(Exception):
    """It was called, and gave no answer that can be measured. One line: what happened instead."""


@dataclass(frozen=True, kw_only=True)
class Peer:
    """A function that is to be measured."""

    spec: str
    compute: Compute  # raises CallError unless its result has the type and the shape of its input
    about: Mapping[str, str]  # what it is: {"torch": "2.13.0+cpu", "device": "cpu", …}
    line: str  # of Python, which shows one result: {x} is in the place of the number


@dataclass(frozen=True)
class Asked:
    """What an adapter is asked to make; SPEC is KIND:NAME, or a NAME alone."""

    spec: str
    kind: str
    name: str
    dtype: np.dtype[Any]
    derivative: bool
    setting: dict[str, float | str]
    device: str | None

    def error(self, why: str) -> SpecError:
        """That it cannot be made."""
        return SpecError(f"{self.spec}: {line(why)}")

    def library(self, module: str, package: str = "") -> Any:
        """A library that has to be there.

        Args:
            module: What it is imported as.
            package: What pip calls it, if that is another name.
        """
        try:
            return importlib.import_module(module)
        except ModuleNotFoundError as error:
            if error.name != module:
                raise self.error(f"{module} cannot be imported: {error}") from error
            raise self.error(f"needs {module}: pip install {package or module}") from None

    def find(self, name: str) -> Any:
        """The function or class of a dotted name; the current directory is searched too, last."""
        if os.getcwd() not in sys.path:
            sys.path.append(os.getcwd())
        root, *rest = name.split(".")
        found = self._imported(root)
        for depth, part in enumerate(rest, 1):
            if not hasattr(found, part):  # a module of a package is no attribute until imported
                self._imported(".".join([root, *rest[:depth]]))
            found = getattr(found, part)
        if not callable(found):
            raise self.error(f"{name} is no function but of type {type(found).__name__}")
        return found

    def instance(self, made: Callable[[], Any]) -> Any:
        """Of a class, with its setting."""
        try:
            return made()
        except Exception as error:  # whatever it says of arguments that it does not take
            raise self.error(f"cannot be made: {said(error)}") from error

    def _imported(self, path: str) -> Any:
        parent, _, name = path.rpartition(".")
        try:
            return importlib.import_module(path)
        except ModuleNotFoundError as error:
            if not f"{path}.".startswith(f"{error.name}."):  # but something that it imports
                raise self.error(f"{path} cannot be imported: {error}") from error
            missing = f"{parent} has no {name}" if parent else f"there is no module {name}"
            raise self.error(missing) from None
        except Exception as error:  # whatever a module does when it is imported
            raise self.error(f"{path} cannot be imported: {said(error)}") from error


def checked(compute: Compute, spec: str) -> Compute:
    """A function whose every answer is looked at before anybody measures it.

    It is given a copy of its input, in order and in one piece, since some write where they read.

    Args:
        compute: From an array to an array of the same dtype and shape.
        spec: What it is called when it has to be blamed.

    Returns:
        The same function. It raises CallError if that one raises an Exception, ends the program,
        returns something else, or writes into its input. SpecError is let through.
    """

    def call(x: NDArray[Any]) -> NDArray[Any]:
        x = np.asarray(x, order="C")
        given = x.copy()
        try:
            with np.errstate(all="ignore"):  # to overflow is no fault by itself
                y = compute(given)
        except (SpecError, CallError):
            raise
        except (Exception, SystemExit) as error:
            raise CallError(f"{spec} raised {said(error)}") from error
        if wrong := _unlike(x, y):
            raise CallError(f"{spec} returned {wrong}")
        if not np.array_equal(bits(given), bits(x)):
            raise CallError(f"{spec} wrote into its input")
        return y

    return call


def _unlike(x: NDArray[Any], y: Any) -> str:
    """What y is, if it is not an array as x; or nothing."""
    if not isinstance(y, np.ndarray):
        return f"{'None' if y is None else f'a {type(y).__name__}'}, not an array of NumPy"
    if y.dtype != x.dtype:
        return f"{y.dtype} for {x.dtype}"
    return f"an array of shape {y.shape} for {x.shape}" if y.shape != x.shape else ""


def bits(x: NDArray[Any]) -> NDArray[Any]:
    """Its numbers as unsigned integers."""
    return x.view(f"u{x.itemsize}")


def said(error: BaseException) -> str:
    """The kind of an error and its first line."""
    return line(f"{type(error).__name__}: {error}")


def line(text: str) -> str:
    """The first line, without the blanks that surround it."""
    return next((each.strip() for each in text.splitlines() if each.strip()), "")

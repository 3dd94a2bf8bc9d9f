"""What is judged: a function with a name, and the settings at which it is asked.

A record is one. So is anything that answers the same questions: verify knows no record.
"""

from collections.abc import Sequence
from typing import Any, Protocol

import sympy as sp
from numpy.typing import NDArray

from actlib.formula.setting import Setting


class Subject(Protocol):
    """A function of one number and its derivatives, at some settings of its parameters."""

    @property
    def name(self) -> str: ...

    @property
    def settings(self) -> Sequence[Setting]:
        """The defaults first."""
        ...

    def label(self, setting: Setting) -> str:
        """What sets it apart from the defaults, in words."""
        ...

    def kinks_at(self, setting: Setting) -> set[sp.Expr]:
        """The points at which a kink is declared."""
        ...

    def turns_at(self, setting: Setting) -> set[sp.Expr]:
        """The points at which it is declared to turn."""
        ...

    def bound_of(self, of: str, usual: float, setting: Setting) -> float:
        """How many ulp of float64 its value, or a derivative, may be off."""
        ...

    def has_limit(self, of: str, sign: int, setting: Setting) -> bool:
        """Is a limit of its value, or derivative, declared to exist at sign · infinity?"""
        ...

    def __call__(self, x: Any, **setting: Any) -> NDArray[Any]: ...

    def derivative(self, x: Any, **setting: Any) -> NDArray[Any]: ...

    def parameter_derivatives(self, x: Any, **setting: Any) -> dict[str, NDArray[Any]]: ...

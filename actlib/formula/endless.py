"""An infinity at which a function has no limit: there it returns NaN."""

from dataclasses import dataclass
from typing import Any

from actlib.formula.setting import Setting


@dataclass(frozen=True, kw_only=True, eq=False)
class NoLimit:
    """Of the value, or of the derivative, at one infinity or at both."""

    of: str  # "value" or "derivative"
    why: str
    signs: tuple[int, ...] = (-1, 1)  # of the infinities
    when: Any = True  # the condition on the parameters under which there is none

    def holds(self, of: str, sign: int, setting: Setting) -> bool:
        """Is there no limit of this function, at sign · infinity, at this setting?"""
        from actlib.formula.symbols import at

        return of == self.of and sign in self.signs and bool(at(self.when, setting))

"""What is known of an activation: what tests, tables and figures read."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from actlib.formula.elsewhere import Equivalent, Spelling
from actlib.formula.endless import NoLimit
from actlib.formula.formula import Formula
from actlib.formula.kink import Kink
from actlib.formula.looser import Looser
from actlib.formula.parameter import Parameter
from actlib.formula.place import Turn
from actlib.formula.preset import Preset
from actlib.formula.reach import Reach
from actlib.formula.setting import Setting, text


@dataclass(frozen=True, kw_only=True, eq=False)
class Entry:
    """What every record says, whatever the shape of its function."""

    name: str
    title: str
    aliases: tuple[str, ...] = ()  # under which a reader may look for it
    doc: str | None  # of its module; python -OO leaves none
    parameters: tuple[Parameter, ...] = ()
    samples: tuple[Setting, ...] = ()  # settings, besides the defaults, at which laws are tested
    references: tuple[str, ...]  # keys of references.bib
    equivalents: Mapping[str, Equivalent]  # by framework
    presets: tuple[Preset, ...] = ()  # settings that have a name of their own

    @property
    def settings(self) -> tuple[Setting, ...]:
        """The defaults, then the sampled settings, each complete."""
        defaults = {p.name: p.default for p in self.parameters}
        return tuple({**defaults, **sample} for sample in ({}, *self.samples))

    def label(self, setting: Setting) -> str:
        """What sets it apart from the defaults: "alpha=0.3", or "" for the defaults themselves."""
        defaults = self.settings[0]
        changed = {name: value for name, value in setting.items() if value != defaults[name]}
        return ", ".join(f"{name}={text(value)}" for name, value in changed.items())


@dataclass(frozen=True, kw_only=True, eq=False)
class Record(Entry):
    """A function of one number, by its formula; with kernels it can be called.

    Numbers need no formula: it is a function, called with the symbols of SymPy for x and the
    parameters, so that SymPy is loaded when somebody first asks.
    """

    formula: Callable[..., Formula]
    ordered: tuple[tuple[str, str], ...] = ()  # (smaller, larger), for two parameters
    spelled: Mapping[str, Spelling] = field(default_factory=dict)  # where no name there will do

    @property
    def variables(self) -> tuple[Any, ...]:
        """The symbols that the formula is made of."""
        from actlib.formula.symbols import X

        return X, *(p.symbol for p in self.parameters)

    @cached_property
    def known(self) -> Formula:
        """The formula, in these symbols."""
        return self.formula(*self.variables)

    @property
    def definition(self) -> Any:
        """The textbook form, as a SymPy expression."""
        return self.known.definition

    @property
    def range(self) -> tuple[Any, Any]:
        """Infimum and supremum, as SymPy expressions."""
        return self.known.range

    @property
    def kinks(self) -> tuple[Kink, ...]:
        """Where the slope, or the value itself, jumps."""
        return self.known.kinks

    @property
    def turns(self) -> tuple[Turn, ...]:
        """Where the slope changes its sign without a jump."""
        return self.known.turns

    @property
    def no_limits(self) -> tuple[NoLimit, ...]:
        """Infinities at which there is none."""
        return self.known.no_limits

    @property
    def reach(self) -> Reach | None:
        """How far a proof goes, where it does not go to the end."""
        return self.known.reach

    def reach_at(self, setting: Setting) -> float:
        """The same, as the largest |x| at this setting; infinity where it goes to the end."""
        from actlib.formula.symbols import at

        return math.inf if self.reach is None else float(at(self.reach.to, setting))

    @property
    def looser(self) -> Mapping[str, Looser]:
        """Exceptions to the bounds of float64, by function."""
        return self.known.looser

    def kinks_at(self, setting: Setting) -> set[Any]:
        """The points where there is a kink at this setting."""
        return {point for kink in self.kinks for point in kink.points(setting)}

    def turns_at(self, setting: Setting) -> set[Any]:
        """The points where it turns at this setting."""
        return {point for turn in self.turns for point in turn.points(setting)}

    def has_limit(self, of: str, sign: int, setting: Setting) -> bool:
        """Has its value, or its derivative, a limit at sign · infinity?"""
        return not any(none.holds(of, sign, setting) for none in self.no_limits)

    def bound_of(self, of: str, usual: float, setting: Setting) -> float:
        """How many ulp of float64 its value, or a derivative, may be off."""
        from actlib.formula.symbols import at

        looser = self.looser.get(of)
        return looser.ulp if looser is not None and at(looser.when, setting) else usual

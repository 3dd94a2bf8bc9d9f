"""What is known of an activation: what tests, tables and figures read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from actlib.formula.elsewhere import Equivalent, Spelling
from actlib.formula.endless import NoLimit
from actlib.formula.kink import Kink
from actlib.formula.looser import Looser
from actlib.formula.parameter import Parameter
from actlib.formula.place import Turn
from actlib.formula.preset import Preset
from actlib.formula.setting import Setting, at, text


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
    """A function of one number, by its formula; with kernels it can be called."""

    definition: sp.Expr
    constraints: tuple[Any, ...] = ()  # SymPy relations between two parameters
    kinks: tuple[Kink, ...] = ()
    turns: tuple[Turn, ...] = ()
    no_limits: tuple[NoLimit, ...] = ()
    range: tuple[sp.Expr, sp.Expr]  # infimum and supremum
    spelled: Mapping[str, Spelling] = field(default_factory=dict)  # where no name there will do
    looser: Mapping[str, Looser] = field(default_factory=dict)  # "value", "derivative in beta", …

    def kinks_at(self, setting: Setting) -> set[sp.Expr]:
        """The points where there is a kink at this setting."""
        return {point for kink in self.kinks for point in kink.points(setting)}

    def turns_at(self, setting: Setting) -> set[sp.Expr]:
        """The points where it turns at this setting."""
        return {point for turn in self.turns for point in turn.points(setting)}

    def has_limit(self, of: str, sign: int, setting: Setting) -> bool:
        """Has its value, or its derivative, a limit at sign · infinity?"""
        return not any(none.holds(of, sign, setting) for none in self.no_limits)

    def bound_of(self, of: str, usual: float, setting: Setting) -> float:
        """How many ulp of float64 its value, or a derivative, may be off."""
        looser = self.looser.get(of)
        return looser.ulp if looser is not None and at(looser.when, setting) else usual

"""Neural-network activation functions and their derivatives, exact to the last bit where it counts.

Every activation is a record that can be called: `actlib.elu(x, alpha=1.0)` is its value,
`actlib.elu.derivative(x, alpha=1.0)` its slope, `actlib.elu.definition` its formula in SymPy.
`actlib.ALL` maps names to records, `actlib.PRESETS` those of their settings that have a name.
"""

from typing import TYPE_CHECKING, Any

from actlib.activations import ALL, PRESETS
from actlib.call.halves import halves
from actlib.losses.softmax_cross_entropy import softmax_cross_entropy

__version__ = "0.1.0"
__all__ = ["ALL", "PRESETS", "halves", "softmax_cross_entropy", *ALL, *PRESETS]

globals().update(ALL | PRESETS)

if TYPE_CHECKING:  # the records are found, not listed, so a type checker must be told

    def __getattr__(name: str) -> Any: ...

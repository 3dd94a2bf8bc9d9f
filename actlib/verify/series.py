"""The arithmetic of power series whose coefficients are balls."""

from collections.abc import Callable
from typing import Any

from flint import arb_series

from actlib.verify.balls import Arithmetic


class InSeries(Arithmetic):
    """In series where x comes in; what is constant stays a ball."""

    def of_balls(self, function: Callable[..., Any]) -> Callable[..., Any]:
        of_series = getattr(arb_series, function.__name__, function)

        def alike(*numbers: Any) -> Any:
            is_series = any(isinstance(number, arb_series) for number in numbers)
            return (of_series if is_series else function)(*numbers)

        return alike

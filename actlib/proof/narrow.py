"""float16 and bfloat16: few enough inputs to hold each against its ball."""

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib.extras import needed_by
from actlib.formula.symbols import X
from actlib.proof.proof import Function
from actlib.verify.balls import decide, evaluator
from actlib.verify.ulp import Rounding

with needed_by("actlib.proof"):
    import ml_dtypes


def narrow_types() -> list[np.dtype[Any]]:
    """float16 and bfloat16."""
    return [np.dtype(np.float16), np.dtype(ml_dtypes.bfloat16)]


def every(dtype: np.dtype[Any]) -> NDArray[Any]:
    """All finite numbers of a type of 16 bits."""
    numbers = np.arange(2**16, dtype=np.uint16).view(dtype)
    with np.errstate(invalid="ignore"):  # bfloat16 says so of its NaNs
        return numbers[np.isfinite(numbers)]


def misrounded(function: Function, x: NDArray[Any]) -> list[float]:
    """Those of the inputs whose result is not the correctly rounded one."""
    rounding = Rounding(function.compute(x))
    evaluate = evaluator(function.expression, [X])
    return [
        point
        for i, point in enumerate(x.tolist())
        if not decide(evaluate, [point], partial(rounding.holds, i))
    ]

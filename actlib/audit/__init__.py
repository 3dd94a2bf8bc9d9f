"""Point it at your own function: every number of a type is asked, and the verdict can be trusted.

    report = audit(fn, "tanh", dtype="bfloat16")
    report = audit(fn, formula="x*(1+erf(x/sqrt(2)))/2", dtype="float16")
    check(my_tanh, "tanh", max_ulp=1)

The truth comes from certified polynomials and ball arithmetic, and from no kernel of actlib. On the
command line: `python -m actlib.audit`.
"""

from typing import TYPE_CHECKING, Any

from actlib.extras import needed_by

if TYPE_CHECKING:
    from actlib.audit.report import Report
    from actlib.audit.verdicts import AuditError, audit, check

__all__ = ["AuditError", "Report", "audit", "check"]


def __getattr__(name: str) -> Any:
    """They are loaded when they are first asked for: a command that lacks a package says so."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    with needed_by("actlib.audit"):
        from actlib.audit import verdicts
    return getattr(verdicts, name)

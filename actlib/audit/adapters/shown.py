"""A line of Python that shows one result: what one pastes where the library is installed.

It computes 64 alike, since libraries compute a few numbers with other instructions than many.
"""

from actlib.audit.adapters.contract import Asked

MANY = 64


def shown(asked: Asked) -> str:
    """With {x} in the place of the number. What it shows is the first of them."""
    return LINES.get(asked.kind, _adapted)(asked) + "[0]"


def _torch(asked: Asked) -> str:
    device = f", device={asked.device!r}" if asked.device else ""
    full = f"torch.full(({MANY},), {{x}}, dtype=torch.{asked.dtype.name}{device}"
    if not asked.derivative:
        return _call(asked, full + ")")
    slope = f"torch.autograd.grad({_call(asked, 'x')}.sum(), x)[0]"
    return f"(lambda x: {slope})({full}, requires_grad=True))"


def _jax(asked: Asked) -> str:
    call = _call(asked, "x")
    function = asked.name if call == f"{asked.name}(x)" else f"(lambda x: {call})"
    if asked.derivative:
        function = f"jax.vmap(jax.grad({function}))"
    if asked.kind == "jax":
        function = f"jax.jit({function})"
    return f"{function}(jax.numpy.full({MANY}, {{x}}, {asked.dtype.name!r}))"


def _tensorflow(asked: Asked) -> str:
    full = f"tf.fill([{MANY}], tf.constant({{x}}, {asked.dtype.name!r}))"
    if not asked.derivative:
        return _call(asked, full)
    steps = f"tape.__enter__(), tape.watch(x), tape.gradient({_call(asked, 'x')}, x)"
    return f"(lambda x, tape: ({steps})[-1])({full}, tf.GradientTape())"


def _plain(asked: Asked) -> str:
    name = "ml_dtypes.bfloat16" if asked.dtype.name == "bfloat16" else repr(asked.dtype.name)
    return _call(asked, f"numpy.full({MANY}, {{x}}, {name})")


def _adapted(asked: Asked) -> str:
    """What takes more than a line, as this package calls it."""
    dtype = f"actlib.audit.line.form({asked.dtype.name!r})"
    given = f"dtype={dtype}, setting={asked.setting!r}, derivative={asked.derivative}"
    peer = f"actlib.audit.adapters.peer({asked.spec!r}, {given})"
    return (
        peer.replace("{", "{{").replace("}", "}}") + f".compute(numpy.full({MANY}, {{x}}, {dtype}))"
    )


LINES = {
    "": _plain,
    "torch": _torch,
    "jax": _jax,
    "jax-eager": _jax,
    "tf": _tensorflow,
    "keras": _tensorflow,
}


def _call(asked: Asked, x: str) -> str:
    """A class, known by its capital, is made first."""
    given = [f"{name}={value!r}" for name, value in asked.setting.items()]
    if asked.name.rpartition(".")[2][:1].isupper():
        return f"{asked.name}({', '.join(given)})({x})"
    return f"{asked.name}({', '.join([x, *given])})"

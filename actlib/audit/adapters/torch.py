"""torch:NAME: a function of PyTorch, a method of tensors, or a class of modules.

bfloat16 goes to PyTorch and back as the integers that its bits are: NumPy has no such type of its
own that PyTorch would know, and on the way through float32 a wrong bit could get lost.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib.audit.adapters.contract import Asked, Compute, said


def make(asked: Asked) -> tuple[Compute, dict[str, str]]:
    """The function with its setting; a module is made with it."""
    torch = asked.library("torch")
    found = asked.find(asked.name)
    function = partial(found, **asked.setting)
    if isinstance(found, type) and issubclass(found, torch.nn.Module):
        before = torch.get_default_dtype()
        torch.set_default_dtype(getattr(torch, asked.dtype.name))  # of what the module learns
        try:
            function = asked.instance(function)
        finally:
            torch.set_default_dtype(before)
    return of(asked, function)


def of(asked: Asked, function: Callable[[Any], Any]) -> tuple[Compute, dict[str, str]]:
    """A function of tensors, or what autograd says of it, as a function of arrays."""
    torch = asked.library("torch")
    device = _device(asked, torch)
    if isinstance(function, torch.nn.Module):
        function = function.to(device).eval()

    def value(x: NDArray[Any]) -> Any:
        with torch.no_grad():
            return array(function(tensor(x)))

    def slope(x: NDArray[Any]) -> Any:
        t = tensor(x).requires_grad_()
        y = function(t)
        if isinstance(y, torch.Tensor) and not y.requires_grad:
            raise asked.error("autograd has no derivative of it")
        (found,) = torch.autograd.grad(y, t, torch.ones_like(y))
        return array(found)

    def tensor(x: NDArray[Any]) -> Any:
        if x.dtype.name == "bfloat16":
            return torch.from_numpy(x.view(np.int16)).view(torch.bfloat16).to(device)
        return torch.from_numpy(x).to(device)

    def array(y: Any) -> Any:
        """What is no tensor is judged where all answers are."""
        if not isinstance(y, torch.Tensor):
            return y
        y = y.detach().cpu()
        if y.dtype == torch.bfloat16 and asked.dtype.name == "bfloat16":
            return y.view(torch.int16).numpy().view(asked.dtype)
        return y.numpy()

    return (slope if asked.derivative else value), _about(torch, device)


def _device(asked: Asked, torch: Any) -> Any:
    try:
        device = torch.device(asked.device or "cpu")
        torch.empty(1, device=device)
    except Exception as error:  # of many types, by device
        raise asked.error(f"no device {asked.device}: {said(error)}") from error
    return device


def _about(torch: Any, device: Any) -> dict[str, str]:
    """What its results depend on."""
    about = {"torch": str(torch.__version__), "device": str(device)}
    if device.type == "cuda":
        return about | {"chip": torch.cuda.get_device_name(device)}
    return about | {
        "instructions": torch.backends.cpu.get_cpu_capability(),
        "threads": str(torch.get_num_threads()),
    }

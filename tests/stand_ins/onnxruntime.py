"""As much of onnxruntime as its adapter uses, for the models of the stand-in of onnx."""

import pickle
from pathlib import Path
from types import SimpleNamespace

import wrong_elu

__version__ = "0.6"


class InferenceSession:
    def __init__(self, model, providers):
        assert providers == ["CPUExecutionProvider"]
        raw = model if isinstance(model, bytes) else Path(model).read_bytes()
        ((self.node,), *self.ends) = pickle.loads(raw)
        if self.ends[0][0][1] == "double":
            raise NotImplementedError("Could not find an implementation for Elu\nand more")

    def get_inputs(self):
        return [SimpleNamespace(name=name, type=f"tensor({kind})") for name, kind in self.ends[0]]

    def get_outputs(self):
        return [SimpleNamespace(name=name, type=f"tensor({kind})") for name, kind in self.ends[1]]

    def run(self, names, inputs):
        operator, attributes = self.node
        assert (operator, names) == ("Elu", ["y"])
        return [wrong_elu.value(inputs["x"], **attributes)]

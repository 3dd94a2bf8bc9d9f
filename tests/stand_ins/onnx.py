"""As much of onnx as its adapter uses: a model is a list."""

import pickle
from types import SimpleNamespace

__version__ = "0.5"
OPERATORS = {
    "Elu": SimpleNamespace(min_input=1, min_output=1, since_version=22, attributes={"alpha": 1.0}),
    "PRelu": SimpleNamespace(min_input=2, min_output=1, since_version=16, attributes={}),
}
TensorProto = SimpleNamespace(FLOAT16="float16", FLOAT="float", DOUBLE="double")
defs = SimpleNamespace(has=OPERATORS.__contains__, get_schema=OPERATORS.__getitem__)


def make_model(graph, opset_imports, ir_version):
    assert opset_imports == [("", 22)]
    assert ir_version == 10
    return SimpleNamespace(SerializeToString=lambda: pickle.dumps(graph))


helper = SimpleNamespace(
    make_tensor_value_info=lambda name, kind, shape: (name, kind),
    make_node=lambda operator, x, y, **attributes: (operator, attributes),
    make_graph=lambda nodes, name, inputs, outputs: (nodes, inputs, outputs),
    make_opsetid=lambda domain, version: (domain, version),
    find_min_ir_version_for=lambda standard: 10,
    make_model=make_model,
)

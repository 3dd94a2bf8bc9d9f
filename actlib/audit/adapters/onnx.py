"""onnx:Operator, a model of one node, and onnx:FILE, a model: both as onnxruntime runs them."""

from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from actlib.audit.adapters.contract import Asked, Compute, said

TYPES = {"float16": "FLOAT16", "float32": "FLOAT", "float64": "DOUBLE"}
NAMES = {"float16": "float16", "float32": "float", "float64": "double"}
"""What they are called in models, and by onnxruntime. Neither takes a bfloat16 of NumPy."""


def make(asked: Asked) -> tuple[Compute, dict[str, str]]:
    """A session of onnxruntime on the CPU."""
    runtime = asked.library("onnxruntime")
    if asked.dtype.name not in TYPES:
        raise asked.error(f"onnxruntime takes no {asked.dtype} from NumPy; ask for another type")
    about = {"onnxruntime": runtime.__version__, "device": "cpu"}
    if asked.name.endswith(".onnx"):
        model: Any = _file(asked)
    else:
        model = _one_node(asked)
        about["onnx"] = asked.library("onnx").__version__
    try:
        session = runtime.InferenceSession(model, providers=["CPUExecutionProvider"])
    except Exception as error:  # of a type for each reason, none of which is public
        raise asked.error(f"onnxruntime refuses it in {asked.dtype}: {said(error)}") from error
    return _call(asked, session), about


def _file(asked: Asked) -> str:
    if asked.setting:
        raise asked.error(f"is whole: it takes no {', '.join(asked.setting)}")
    if not Path(asked.name).is_file():
        raise asked.error("there is no such file")
    return asked.name


def _one_node(asked: Asked) -> bytes:
    """As the version of the standard has it that was the last to change this operator."""
    onnx = asked.library("onnx")
    if asked.derivative:
        raise asked.error("onnxruntime has no derivatives; name a file whose model computes it")
    if not onnx.defs.has(asked.name):
        raise asked.error(f"ONNX has no operator {asked.name}")
    schema = onnx.defs.get_schema(asked.name)
    if (schema.min_input, schema.min_output) != (1, 1):
        raise asked.error(f"{asked.name} is no operator of one input and one output")
    if unknown := set(asked.setting) - set(schema.attributes):
        raise asked.error(f"{asked.name} has no attribute {', '.join(sorted(unknown))}")
    kind = getattr(onnx.TensorProto, TYPES[asked.dtype.name])
    x, y = (onnx.helper.make_tensor_value_info(name, kind, None) for name in "xy")
    node = onnx.helper.make_node(asked.name, ["x"], ["y"], **asked.setting)
    standard = [onnx.helper.make_opsetid("", schema.since_version)]
    model = onnx.helper.make_model(
        onnx.helper.make_graph([node], "one", [x], [y]),
        opset_imports=standard,
        ir_version=onnx.helper.find_min_ir_version_for(standard),  # an older runtime takes it too
    )
    return model.SerializeToString()


def _call(asked: Asked, session: Any) -> Compute:
    ends = len(session.get_inputs()), len(session.get_outputs())
    if ends != (1, 1):
        raise asked.error("has {} inputs and {} outputs; it must be one and one".format(*ends))
    (x,), (y,) = session.get_inputs(), session.get_outputs()
    if x.type != f"tensor({NAMES[asked.dtype.name]})":
        raise asked.error(f"takes {x.type}, not {asked.dtype}")

    def call(given: NDArray[Any]) -> Any:
        return session.run([y.name], {x.name: given})[0]

    return call

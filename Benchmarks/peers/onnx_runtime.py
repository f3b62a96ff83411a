"""ONNX Runtime on the processor, all graph optimisations on."""

import onnxruntime

from . import protocol

options = protocol.arguments()
session_options = onnxruntime.SessionOptions()
session_options.intra_op_num_threads = options.threads
session_options.inter_op_num_threads = 1
session_options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
session = onnxruntime.InferenceSession(options.model, session_options, providers=["CPUExecutionProvider"])


def forward(image):
    return session.run(None, {session.get_inputs()[0].name: image})[0]


protocol.serve("ONNX Runtime", onnxruntime.__version__, options, forward)

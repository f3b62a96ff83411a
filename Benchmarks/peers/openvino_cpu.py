"""OpenVINO on the processor, latency hint.

float32 is asked for in so many words: on processors with bfloat16 instructions OpenVINO's default is to compute
in bfloat16, which no other engine here does and which the equality check would refuse.
"""

import openvino

from . import protocol

options = protocol.arguments()
compiled = openvino.Core().compile_model(
    options.model, "CPU",
    {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_NUM_THREADS": options.threads,
        "INFERENCE_PRECISION_HINT": "f32",
    })
request = compiled.create_infer_request()


def forward(image):
    return request.infer([image])[compiled.outputs[0]]


protocol.serve("OpenVINO", openvino.__version__.split("-")[0], options, forward)

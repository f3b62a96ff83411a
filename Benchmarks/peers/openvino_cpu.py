"""OpenVINO on the processor, latency hint.

Variants: "float32" asks for float32 in so many words; "default" leaves the type to OpenVINO, which computes in bfloat16 on
processors that have instructions for it.
"""

import openvino

from . import protocol

options = protocol.arguments()
settings = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": options.threads}
if options.variant == "float32":
    settings["INFERENCE_PRECISION_HINT"] = "f32"
compiled = openvino.Core().compile_model(options.model, "CPU", settings)
request = compiled.create_infer_request()


def forward(image):
    return request.infer([image])[compiled.outputs[0]]


protocol.serve(f"OpenVINO {options.variant}", openvino.__version__.split("-")[0], options, forward)

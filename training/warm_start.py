"""A trainable network from a published fp32 file: what it was trained from may be gone, its folded weights are not."""
import onnx
import torch
from onnx import numpy_helper

from network import SrNet, resampled


def unfold(layer, kernel, bias):
    """Sets a FoldedConv's parameters so that they fold into this kernel: the least change of its random expansion."""
    with torch.no_grad():
        missing = kernel - layer.kernel()
        layer.expand += torch.einsum("po,oikl->pikl", torch.linalg.pinv(layer.project), missing)
        layer.bias.copy_(bias)


def read_convolutions(path):
    """[(kernel, bias)] of a published fp32 file, in its units: the last one's bias holds 0.5 that rounds, others' are times 256."""
    model = onnx.load(path)
    tensors = {t.name: torch.from_numpy(numpy_helper.to_array(t).copy()) for t in model.graph.initializer}
    return [[tensors[name] for name in n.input[1:]] for n in model.graph.node if n.op_type == "Conv"]


def warm_start(net: SrNet, path):
    """Only networks that carry their input: their skip is part of the last kernel.

    A file with fewer inner layers than `net` will do: the layers that it lacks come after its own and begin as identity,
    so that the deeper network starts at the quality of the file. A x1.5 network may start as a x2 one, whose picture it
    reads at its own places.
    """
    if not net.carried or net.fold != 1:
        raise ValueError("only full-size networks that carry their input can be read back")
    *hidden, (last, last_bias) = read_convolutions(path)
    layers = (net.first, *net.inner)
    if len(hidden) > len(layers):
        raise ValueError(f"{path} has {len(hidden)} convolutions before the last, the recipe only {len(layers)}")
    for layer, (kernel, bias) in zip(layers, hidden):
        unfold(layer, kernel[: -net.carried], bias[: -net.carried] / 256)
    for layer in layers[len(hidden) :]:
        unfold(layer, layer.dirac, layer.bias)
    if net.side == 3 and len(last) == 16:
        last, last_bias = resampled(last), resampled(last_bias)
    last[:, -net.carried :] -= net.skip.detach()
    unfold(net.last, last, (last_bias - 0.5) / 256)
    return net

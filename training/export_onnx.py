"""Writes a trained network as ONNX: uint8 `x` [1,1,H,W] in, uint8 `y` out, as much larger as the network makes it."""
import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from quantised import integers

OPSET = 19
WIDE = 16  # channels that the runtime's int8 convolutions work in: nine take twice as long
VERSION = "1"
LICENCE = "MIT"


class Graph:
    def __init__(self):
        self.nodes, self.tensors, self.count = [], [], 0

    def add(self, op, inputs, **attributes):
        self.count += 1
        name = attributes.pop("name", f"{op.lower()}{self.count}")
        self.nodes.append(helper.make_node(op, inputs, [name], name=name, **attributes))
        return name

    def constant(self, value, dtype):
        self.count += 1
        name = f"c{self.count}"
        self.tensors.append(numpy_helper.from_array(np.ascontiguousarray(value, dtype=dtype), name))
        return name

    def pad_border(self, halo, multiple):
        """Repeats the border by the halo, and at the ends by what [rows, columns] lack to a multiple."""
        size = self.add("Shape", ["x"], start=2, end=4)
        both = self.constant([2 * halo, 2 * halo], np.int64)
        lack = self.add("Neg", [self.add("Add", [size, both])])
        lack = self.add("Mod", [lack, self.constant(multiple, np.int64)])
        end = self.add("Add", [lack, self.constant([halo, halo], np.int64)])
        pads = self.add("Concat", [self.constant([0, 0, halo, halo, 0, 0], np.int64), end], axis=0)
        return self.add("Pad", ["x", pads], mode="edge", name="pad")

    def blocks_to_plane(self, h, lost, side, block):
        """[1, side^2, h, w] -> [1, 1, side h, side w]: a DepthToSpace that reads channels last, as int8 convolutions write them;
        four times as fast. `lost` is what the convolutions took off the padded size.
        """
        last = self.add("Transpose", [h], perm=[0, 2, 3, 1])
        if is_spread(side, block):
            rows = self.add("Reshape", [last, self.constant([0, 0, 0, 4, 4], np.int64)])
            rows = self.add("Transpose", [rows], perm=[0, 1, 3, 2, 4])
            cut = [self.constant(n, np.int64) for n in ([0, 0], [side, side], [2, 4])]
            rows = self.add("Slice", [rows, *cut])
        else:
            if side * side < WIDE:
                ends = [self.constant([n], np.int64) for n in (0, side * side, 3)]
                last = self.add("Slice", [last, *ends])
            split = self.add("Reshape", [last, self.constant([0, 0, 0, side, side], np.int64)])
            rows = self.add("Transpose", [split], perm=[0, 1, 3, 2, 4])
        size = self.add("Shape", ["pad"], start=2, end=4)
        size = self.add("Sub", [size, self.constant([lost, lost], np.int64)])
        shape = self.add("Concat", [self.constant([1, 1], np.int64), self.blocks_of(size, side, block)], axis=0)
        return self.add("Reshape", [rows, shape])

    def blocks_of(self, size, side, block):
        """Pixels that whole blocks give."""
        if side == 2 * block:
            return self.add("Add", [size, size])
        count = self.add("Div", [size, self.constant([2, 2], np.int64)]) if block == 2 else size
        return self.add("Mul", [count, self.constant([side, side], np.int64)])

    def crop_to_size(self, wide, side):
        """What network.enlarged says."""
        size = self.add("Shape", ["x"], start=2, end=4)
        if side == 4:
            ends = self.add("Add", [size, size])
        elif side > 4:
            ends = self.add("Mul", [size, self.constant([side // 2] * 2, np.int64)])
        else:
            half = self.add("Div", [self.add("Mul", [size, self.constant([3, 3], np.int64)]), self.constant([4, 4], np.int64)])
            ends = self.add("Add", [half, half])
        zero, axes = self.constant([0, 0], np.int64), self.constant([2, 3], np.int64)
        self.add("Slice", [wide, zero, ends, axes], name="y")

    def finish(self, metadata):
        value = lambda n, h, w: helper.make_tensor_value_info(n, TensorProto.UINT8, [1, 1, h, w])
        graph = helper.make_graph(
            self.nodes, metadata["id"], [value("x", "H", "W")], [value("y", "H2", "W2")], self.tensors
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)
        model.producer_name = "upreel-training"
        helper.set_model_props(model, metadata)
        onnx.checker.check_model(model, full_check=True)
        return model


def metadata(name, recipe, precision):
    return {
        "id": name,
        "title": recipe.title,
        "flavour": recipe.flavour,
        "version": VERSION,
        "licence": LICENCE,
        "scale": f"{recipe.side / 2:g}",
        "colour": "luma",
        "precision": precision,
    }


def folded_layers(net):
    """[(kernel, bias)] as numpy in pixel/256 units: the convolutions before the last, then the last."""
    layers = [(k.detach().numpy(), b.detach().numpy()) for k, b in net.layers()]
    return layers, (net.last.kernel().detach().numpy(), net.last.bias.detach().numpy()), net.skip.detach().numpy()


def with_skip(last, skip, carried):
    """The last kernel with the skip added on the carried channels."""
    kernel = last.copy()
    kernel[:, -carried:] += skip
    return kernel


def export_fp32(net, name, recipe):
    """Hidden values are in pixels, so neither end spends a pass on scaling."""
    hidden, (last, last_bias), skip = folded_layers(net)
    g = Graph()
    x = g.add("Cast", [g.pad_border(net.halo, [2, 2])], to=TensorProto.FLOAT)
    if net.fold > 1:
        x = g.add("SpaceToDepth", [x], blocksize=net.fold)
    h = x
    for kernel, bias in hidden:
        h = g.add("Conv", [h, g.constant(kernel, np.float32), g.constant(bias * 256, np.float32)])
        h = g.add("LeakyRelu", [h], alpha=net.leak) if net.leak else g.add("Relu", [h])
    bias = g.constant(last_bias * 256 + 0.5, np.float32)  # the Cast below truncates: + 0.5 rounds
    if net.carried:
        whole = g.constant(with_skip(last, skip, net.carried), np.float32)
        h = g.add("Conv", [h, whole, bias], strides=[net.stride] * 2)
    else:
        around = net.halo - 1
        inner = g.add(
            "Slice",
            [x] + [g.constant(v, np.int64) for v in ([around] * 2, [-around] * 2, [2, 3])],
        )
        straight = g.add("Conv", [inner, g.constant(skip, np.float32)], strides=[2, 2])
        h = g.add("Conv", [h, g.constant(last, np.float32), bias], strides=[2, 2])
        h = g.add("Add", [h, straight])
    h = g.add("Clip", [h, g.constant(0.0, np.float32), g.constant(255.0, np.float32)])
    h = g.add("Cast", [h], to=TensorProto.UINT8)
    h = g.add("DepthToSpace", [h], blocksize=net.shuffled, mode="CRD")
    g.crop_to_size(h, net.side)
    return g.finish(metadata(name, recipe, "fp32"))


QUAD = 4  # neighbouring pixels that the first int8 convolution takes and makes at once


def on_quads(kernel):
    """A 5x5 convolution of one channel as a 5x2 one from four neighbouring pixels to four: the runtime is slow at int8
    convolutions of a single channel, and both ends are mere views of the picture when channels come last."""
    outs, _, rows, columns = kernel.shape
    if columns != QUAD + 1:
        raise ValueError("four outputs see two whole quads only when the kernel is five wide")
    wide = np.zeros((QUAD, outs, QUAD, rows, 2), kernel.dtype)
    for pixel in range(QUAD):
        for x in range(columns):
            wide[pixel, :, (pixel + x) % QUAD, :, (pixel + x) // QUAD] = kernel[:, 0, :, x]
    return wide.reshape(QUAD * outs, QUAD, rows, 2)


def is_spread(side, block):
    """Whether the outputs lie in four rows of four: the runtime moves pixels in fours in a twentieth of what it takes in threes."""
    return side == 3 and block == 1


def widened(channels, side, block):
    """Of a last layer: outputs that nobody reads, so that there are as many as the runtime likes."""
    if is_spread(side, block):
        whole = torch.ones(4, 4, *channels.shape[1:])
        whole[:side, :side] = channels.reshape(side, side, *channels.shape[1:])
        return whole.flatten(0, 1)
    lack = WIDE - len(channels)
    return torch.cat([channels, torch.ones(lack, *channels.shape[1:])]) if lack > 0 else channels


def export_int8(net, name, recipe):
    """uint8 from end to end: QLinearConv saturates, which is both the Relu and the clipping of the output."""
    g = Graph()
    unit, zero = g.constant(1 / 256, np.float32), g.constant(0, np.uint8)

    def convolve(h, kernel, bias, scale, stride=1, quads=False):
        whole, scale, bias = integers(kernel, scale).detach().numpy(), scale.numpy(), bias.detach().numpy()
        bias = np.round(bias * 256 / scale)
        if quads:
            whole, scale, bias = on_quads(whole), np.tile(scale, QUAD), np.tile(bias, QUAD)
        weights = [g.constant(whole, np.int8), g.constant(scale, np.float32), g.constant(np.zeros(len(scale)), np.int8)]
        return g.add(
            "QLinearConv", [h, unit, zero, *weights, unit, zero, g.constant(bias, np.int32)], strides=[stride] * 2
        )

    def channels_last_view(h, channels):
        return g.add("Reshape", [h, g.constant([0, 0, -1, channels], np.int64)])

    first, *inner = net.hidden()
    if net.fold == 1:
        x = g.add("Squeeze", [g.pad_border(net.halo, [2, QUAD]), g.constant([0], np.int64)])
        h = convolve(g.add("Transpose", [channels_last_view(x, QUAD)], perm=[0, 3, 1, 2]), *first, quads=True)
        h = channels_last_view(g.add("Transpose", [h], perm=[0, 2, 3, 1]), len(first[0]))
        h = g.add("Transpose", [h], perm=[0, 3, 1, 2])
    else:
        h = convolve(g.add("SpaceToDepth", [g.pad_border(net.halo, [2, 2])], blocksize=2), *first)
    for layer in inner:
        h = convolve(h, *layer)
    form = (net.shuffled, net.stride * net.fold)
    h = convolve(h, *(widened(part, *form) for part in (net.last, net.last_bias, net.last_scale())), net.stride)
    g.crop_to_size(g.blocks_to_plane(h, 2 * net.halo, *form), net.side)
    return g.finish(metadata(name, recipe, "int8"))

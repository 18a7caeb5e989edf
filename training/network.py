"""The networks: a stack of 3x3 convolutions on luma, a linear skip beside it, several output pixels for each input pixel.

Values are pixel / 256, so that every uint8 is exact in bfloat16 and an int8 network needs one activation scale.
No padding inside: the caller gives the border, so a tile with its halo gives exactly what the whole frame gives.
"""
import torch
import torch.nn.functional as F
from torch import nn


class FoldedConv(nn.Module):
    """Trained as a wide k x k and a 1x1 convolution plus identity; always run as the single k x k they fold into.

    The product is taken in weight space, so training costs no more than the small convolution does.
    """

    def __init__(self, ins, outs, size, wide=128, identity=False, gain=1.0):
        super().__init__()
        self.expand = nn.Parameter(torch.randn(wide, ins, size, size) * (2.0 / (ins * size * size)) ** 0.5)
        self.project = nn.Parameter(torch.randn(outs, wide) * gain / wide**0.5)
        self.bias = nn.Parameter(torch.zeros(outs))
        dirac = torch.zeros(outs, ins, size, size)
        if identity:
            for c in range(min(ins, outs)):
                dirac[c, c, size // 2, size // 2] = 1.0
        self.register_buffer("dirac", dirac)

    def kernel(self):
        return torch.einsum("op,pikl->oikl", self.project, self.expand) + self.dirac


class SrNet(nn.Module):
    """fold=1: hidden layers at full size. fold=2: on 2x2 blocks of pixels, four channels in.

    Either way the last convolution gives the `side` x `side` output pixels of a 2x2 block: sixteen for x2, nine for x1.5.
    At full size it is a 4x4 convolution with stride 2, since the runtime works sixteen channels wide and four outputs
    would cost as much as sixteen. From x3 on (`side` 6 and 8) a pixel alone has nine or sixteen: a 3x3 convolution.
    With `carry`, the last channels of every hidden layer (as many as the input has) hold the input unchanged, so the
    skip is part of the last convolution and inner layers see the input too. Else it is a convolution of its own.
    """

    def __init__(self, fold, channels, inner, first=3, leak=0.0, carry=True, side=4):
        super().__init__()
        self.fold, self.channels, self.leak, self.side = fold, channels, leak, side
        self.carried = fold * fold if carry else 0
        self.block = block_of(side)
        self.stride = self.block // fold
        # Output pixels a side of what the last convolution makes at once.
        self.shuffled = side * self.block // 2
        ins, made, size = fold * fold, channels - self.carried, 4 if fold == 1 and self.block == 2 else 3
        self.first = FoldedConv(ins, made, first)
        self.inner = nn.ModuleList(FoldedConv(channels, made, 3, identity=True, gain=0.5) for _ in range(inner))
        self.last = FoldedConv(channels, self.shuffled**2, size, gain=0.1)
        self.skip = nn.Parameter(first_skip(fold, side))
        self.halo = fold * (first // 2 + inner + 1)  # in pixels of the low resolution

    def layers(self):
        """(kernel, bias) of each convolution before the last, carried channels included."""
        for layer in (self.first, *self.inner):
            yield with_carry(layer.kernel(), layer.bias, self.carried)

    def forward(self, x, low_precision=False):
        """x: [B, fold^2, h, w], pixel / 256. Returns [B, shuffled^2, ...], the output pixels of each block."""
        kind = torch.bfloat16 if low_precision else torch.float32
        h = x.to(kind)
        for kernel, bias in self.layers():
            h = F.conv2d(h, kernel.to(kind), bias.to(kind))
            h = F.leaky_relu(h, self.leak) if self.leak else F.relu(h)
        rest = F.conv2d(h, self.last.kernel().to(kind), self.last.bias.to(kind), stride=self.stride)
        cut = self.halo // self.fold - 1
        return rest.float() + F.conv2d(x[..., cut:-cut, cut:-cut], self.skip, stride=self.stride)


def with_carry(kernel, bias, carried):
    if not carried:
        return kernel, bias
    ins, size = kernel.shape[1:3]
    through = torch.zeros(carried, ins, size, size)
    for c in range(carried):
        through[c, ins - carried + c, size // 2, size // 2] = 1.0
    return torch.cat([kernel, through]), torch.cat([bias, torch.zeros(carried)])


def nearest_kernel(fold):
    """A skip that starts as nearest-neighbour doubling, in pixel-shuffle order."""
    kernel = torch.zeros((16, 4, 3, 3) if fold == 2 else (16, 1, 4, 4))
    for y in range(4):
        for x in range(4):
            if fold == 2:
                kernel[y * 4 + x, (y // 2) * 2 + x // 2, 1, 1] = 1.0
            else:
                kernel[y * 4 + x, 0, 1 + y // 2, 1 + x // 2] = 1.0
    return kernel


def block_of(side):
    """Input pixels a side that the last convolution looks at together."""
    return 2 if side <= 4 else 1


def first_skip(fold, side):
    if block_of(side) == 1:
        return torch.zeros(side * side // 4, 1, 3, 3)
    nearest = nearest_kernel(fold)
    return nearest if side == 4 else resampled(nearest)


def enlarged(length, side):
    """Pixels that become of so many, `side` of every two; x1.5 gives an even number, as 4:2:0 wants."""
    return 3 * length // 4 * 2 if side == 3 else side // 2 * length


# Where the three output pixels of a x1.5 block lie between the four of a x2 block.
THREE_OF_FOUR = torch.tensor([[5.0, 1.0, 0.0, 0.0], [0.0, 3.0, 3.0, 0.0], [0.0, 0.0, 1.0, 5.0]]) / 6


def resampled(kernel):
    """A last kernel (or bias) of sixteen outputs as one of nine: what x2 gives, read at the places of x1.5."""
    by_place = kernel.reshape(4, 4, -1)
    return torch.einsum("yi,xj,ijk->yxk", THREE_OF_FOUR, THREE_OF_FOUR, by_place).reshape(9, *kernel.shape[1:])

"""The int8 form of a network: weights whole in a scale per channel, uint8 activations in 1/256.

One activation scale everywhere makes the carried input channels exact and Relu free (zero point 0, saturation at 255).
"""
import torch
import torch.nn.functional as F
from torch import nn

from network import SrNet, with_carry

TOP = 255 / 256


def rounded(x):
    """Rounds forward, passes the gradient through."""
    return x + (torch.round(x) - x).detach()


def integers(kernel, scale):
    return torch.clamp(torch.round(kernel / scale[:, None, None, None]), -127, 127)


class QuantisedNet(nn.Module):
    def __init__(self, net: SrNet):
        super().__init__()
        if not net.carried or net.leak:
            raise ValueError("only Relu networks that carry their input are made for int8")
        self.fold, self.halo, self.carried, self.stride, self.side = net.fold, net.halo, net.carried, net.stride, net.side
        self.shuffled = net.shuffled
        parts = [net.first, *net.inner]
        self.kernels = nn.ParameterList(p.kernel().detach().clone() for p in parts)
        self.biases = nn.ParameterList(p.bias.detach().clone() for p in parts)
        last = net.last.kernel().detach().clone()
        last[:, -self.carried :] += net.skip.detach()
        self.last, self.last_bias = nn.Parameter(last), nn.Parameter(net.last.bias.detach().clone())
        self.quantise = True
        for n, kernel in enumerate([*self.kernels, self.last]):
            self.register_buffer(f"scale{n}", torch.zeros(len(kernel)))  # zero until `fix` has been called

    def fix(self, n, kernel, bias, scale):
        """Whole weights and the scale they are whole in."""
        is_last = n == len(self.kernels)
        (self.last if is_last else self.kernels[n]).copy_(kernel)
        (self.last_bias if is_last else self.biases[n]).copy_(bias)
        getattr(self, f"scale{n}").copy_(scale)

    def hidden(self):
        """[(kernel, bias, scale of each channel)], carried channels included."""
        for n, (kernel, bias) in enumerate(zip(self.kernels, self.biases)):
            kernel, bias = with_carry(kernel, bias, self.carried)
            scale = kernel.detach().abs().amax((1, 2, 3)).clamp_min(1e-6) / 127
            fixed = getattr(self, f"scale{n}")
            if fixed[0]:
                scale = torch.cat([fixed, scale[len(fixed) :]])
            yield kernel, bias, scale

    def last_scale(self):
        """The scale that keeps a flat picture exactly flat: the carried taps must sum to what they did in float."""
        fixed = getattr(self, f"scale{len(self.kernels)}")
        if fixed[0]:
            return fixed
        kernel = self.last.detach()
        scale = kernel.abs().amax((1, 2, 3)) / 127
        want = kernel[:, -self.carried :].sum((1, 2, 3))
        return want / integers(kernel, scale)[:, -self.carried :].sum((1, 2, 3))

    def convolve(self, h, kernel, bias, scale, kind, stride=1):
        if not self.quantise:
            return F.conv2d(h.to(kind), kernel.to(kind), bias.to(kind), stride).float()
        # Integers / 128 and activations / 256 are exact in bfloat16; the scale is applied in float32.
        ratio = kernel / scale[:, None, None, None]
        whole = (ratio + (integers(kernel, scale) - ratio).detach()) / 128
        whole = F.conv2d(h.to(kind), whole.to(kind), stride=stride).float()
        return whole * (scale * 128)[None, :, None, None] + bias[None, :, None, None]

    def forward(self, x, low_precision=False):
        kind = torch.bfloat16 if low_precision else torch.float32
        h = x
        for kernel, bias, scale in self.hidden():
            h = self.convolve(h, kernel, bias, scale, kind)
            h = rounded(h.clamp(0, TOP) * 256) / 256 if self.quantise else F.relu(h)
        # Whole pictures come out of the last one: bfloat16 would round them to half a grey level.
        return self.convolve(h, self.last, self.last_bias, self.last_scale(), torch.float32, self.stride)


# How much of uint8's range the last hidden layer uses. Its weights share a scale with the skip's (about 1): the less
# range, the bigger they are and the finer their steps.
LAST_RANGE = 0.6


def equalise(net: QuantisedNet, x):
    """Scales each hidden channel to the range of uint8 (nothing in `x` saturates); Relu lets the next layer undo it."""
    net.quantise = False
    with torch.no_grad():
        for n in range(len(net.kernels)):
            h = x
            for kernel, bias, _ in list(net.hidden())[: n + 1]:
                h = F.relu(F.conv2d(h, kernel, bias))
            top = h[:, : -net.carried].amax((0, 2, 3))
            is_last = n + 1 == len(net.kernels)
            gain = (LAST_RANGE if is_last else 1.0) * TOP / top.clamp_min(1e-2)
            gain = torch.where(top < 1e-2, 1.0, gain)  # a channel that never fires
            net.kernels[n].mul_(gain[:, None, None, None])
            net.biases[n].mul_(gain)
            following = net.last if is_last else net.kernels[n + 1]
            following[:, : -net.carried].div_(gain[None, :, None, None])
    net.quantise = True

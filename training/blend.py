"""Networks made of trained ones without training: two mixed, one softened."""
import torch

from warm_start import unfold


def mix(net, one, other, share=0.5):
    """Sets `net` to this share of `one` and the rest of `other`: same shapes, of which one was trained on from the other."""
    with torch.no_grad():
        net.skip.copy_(torch.lerp(other.skip, one.skip, share))
        for layer, a, b in zip(convolutions(net), convolutions(one), convolutions(other)):
            unfold(layer, torch.lerp(b.kernel(), a.kernel(), share), torch.lerp(b.bias, a.bias, share))
    return net


def soften(net, share):
    """Mixes this share of bicubic enlarging into what the network gives: a small one sharpens what was always soft."""
    with torch.no_grad():
        net.last.project.mul_(1 - share)
        net.last.bias.mul_(1 - share)
        net.skip.mul_(1 - share).add_(share * bicubic_kernel())
    return net


def convolutions(net):
    return (net.first, *net.inner, net.last)


def cubic(distance, a=-0.5):
    x = abs(distance)
    if x < 1:
        return (a + 2) * x**3 - (a + 3) * x**2 + 1
    return a * x**3 - 5 * a * x**2 + 8 * a * x - 4 * a if x < 2 else 0.0


def bicubic_kernel():
    """[16,1,4,4]: the output pixels of a 2x2 block from the 4x4 around it; the tap that lies beyond is left out."""

    def taps(at):
        # The outputs of a pixel lie a quarter of it to either side of its centre.
        centre = 1 + at // 2 + (0.25 if at % 2 else -0.25)
        raw = torch.tensor([cubic(n - centre) for n in range(4)])
        return raw / raw.sum()

    return torch.stack([torch.outer(taps(y), taps(x)) for y in range(4) for x in range(4)])[:, None]

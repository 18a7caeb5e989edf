"""Rounds a float network's weights to int8 so that each layer's outputs change least (the method of GPTQ).

Rounding weight by weight leaves flat areas off by a grey level, differently for each of the sixteen output pixels: a
pattern, and 1.4 dB on very clean clips. Here the error of each weight is made up for by those not yet rounded, weighed
by the second moments of real activations, in which flat areas weigh most.
"""
import torch
import torch.nn.functional as F

from quantised import TOP, QuantisedNet, rounded


def patches(h, size, stride):
    """[n, channels * size * size]: what each output of the convolution sees."""
    return F.unfold(h, size, stride=stride).transpose(1, 2).flatten(0, 1)


def round_kernel(kernel, scale, seen):
    outs, width = kernel.shape[0], kernel[0].numel()
    w = kernel.reshape(outs, width).double().clone()
    moments = seen.double().T @ seen.double() / len(seen)
    moments += torch.eye(width, dtype=torch.double) * moments.diagonal().mean() * 1e-4
    order = moments.diagonal().argsort(descending=True)
    w, moments = w[:, order], moments[order][:, order]
    upper = torch.linalg.cholesky(torch.linalg.inv(moments), upper=True)
    s = scale.double()
    for i in range(width):
        whole = torch.clamp(torch.round(w[:, i] / s), -127, 127) * s
        error = (w[:, i] - whole) / upper[i, i]
        w[:, i] = whole
        w[:, i + 1 :] -= error[:, None] * upper[i, i + 1 :][None]
    return w[:, order.argsort()].reshape(kernel.shape).float()


def round_weights(net: QuantisedNet, x):
    """In place; `x` is a batch of real tiles as the network sees them. Scales are fixed from here on."""
    with torch.no_grad():
        net.quantise = True
        exact = coarse = x
        layers = [(*layer, 1) for layer in net.hidden()] + [(net.last, net.last_bias, None, net.stride)]
        for n, (kernel, bias, scale, stride) in enumerate(layers):
            kernel = kernel.detach().clone()
            made = len(kernel) - (net.carried if scale is not None else 0)
            if scale is None:
                scale = kernel.abs().amax((1, 2, 3)) / 127
            seen = patches(coarse, kernel.shape[-1], stride)
            whole = round_kernel(kernel[:made], scale[:made], seen)
            want = F.conv2d(exact, kernel, bias, stride)
            got = F.conv2d(coarse, torch.cat([whole, kernel[made:]]), bias, stride)
            bias = bias.detach().clone()
            bias[:made] += (want - got).mean((0, 2, 3))[:made]
            net.fix(n, whole, bias[:made], scale[:made])
            kernel = torch.cat([whole, kernel[made:]])
            exact = F.relu(want)
            coarse = rounded(F.conv2d(coarse, kernel, bias, stride).clamp(0, TOP) * 256) / 256

"""PromptIR (arXiv 2306.13090) in PyTorch with every width free: our own definition, written from the papers."""

import torch
import torch.nn.functional as F
from torch import nn

PUBLISHED = dict(
    dim=48, blocks=(4, 6, 6, 8), refine=4, heads=(1, 2, 4, 8),
    prompt_dim=(64, 128, 320), prompt_size=(64, 32, 16), prompt_len=5)
COMPACT = dict(
    dim=16, blocks=(1, 2, 2, 2), refine=1, heads=(1, 2, 4, 8),
    prompt_dim=(24, 48, 96), prompt_size=(64, 32, 16), prompt_len=5)
NETWORKS = {"published": PUBLISHED, "compact": COMPACT}


def convolution(inputs, outputs, size=1, groups=1):
    return nn.Conv2d(inputs, outputs, size, padding=size // 2, groups=groups, bias=False)


class Norm(nn.Module):
    """LayerNorm over the channels at each pixel."""

    def __init__(self, channels):
        super().__init__()
        self.body = nn.Module()
        self.body.weight = nn.Parameter(torch.ones(channels))
        self.body.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x):
        mean = x.mean(1, keepdim=True)
        variance = (x - mean).square().mean(1, keepdim=True)
        normal = (x - mean) * torch.rsqrt(variance + 1e-5)
        return normal * self.body.weight[:, None, None] + self.body.bias[:, None, None]


class ChannelAttention(nn.Module):
    def __init__(self, channels, heads):
        super().__init__()
        self.heads = heads
        self.temperature = nn.Parameter(torch.ones(heads, 1, 1))
        self.qkv = convolution(channels, 3 * channels)
        self.qkv_dwconv = convolution(3 * channels, 3 * channels, 3, 3 * channels)
        self.project_out = convolution(channels, channels)

    def forward(self, x):
        b, c, h, w = x.shape
        q, k, v = self.qkv_dwconv(self.qkv(x)).reshape(b, 3, self.heads, c // self.heads, h * w).unbind(1)
        attention = (F.normalize(q, dim=-1) @ F.normalize(k, dim=-1).transpose(-2, -1)) * self.temperature
        return self.project_out((attention.softmax(-1) @ v).reshape(b, c, h, w))


class GatedFeedForward(nn.Module):
    def __init__(self, channels, ratio=2.66):
        super().__init__()
        hidden = int(channels * ratio)
        self.project_in = convolution(channels, 2 * hidden)
        self.dwconv = convolution(2 * hidden, 2 * hidden, 3, 2 * hidden)
        self.project_out = convolution(hidden, channels)

    def forward(self, x):
        first, second = self.dwconv(self.project_in(x)).chunk(2, 1)
        return self.project_out(F.gelu(first) * second)


class Block(nn.Module):
    def __init__(self, channels, heads):
        super().__init__()
        self.norm1 = Norm(channels)
        self.attn = ChannelAttention(channels, heads)
        self.norm2 = Norm(channels)
        self.ffn = GatedFeedForward(channels)

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.ffn(self.norm2(x))


class Resize(nn.Module):
    def __init__(self, channels, up):
        super().__init__()
        outputs = channels * 2 if up else channels // 2
        self.body = nn.Sequential(
            convolution(channels, outputs, 3), nn.PixelShuffle(2) if up else nn.PixelUnshuffle(2))

    def forward(self, x):
        return self.body(x)


class Prompt(nn.Module):
    def __init__(self, dim, size, length, features):
        super().__init__()
        self.prompt_param = nn.Parameter(torch.rand(1, length, dim, size, size))
        self.linear_layer = nn.Linear(features, length)
        self.conv3x3 = convolution(dim, dim, 3)

    def forward(self, x):
        weights = self.linear_layer(x.mean((-2, -1))).softmax(1)
        prompt = torch.einsum("bn,ncij->bcij", weights, self.prompt_param[0])
        return self.conv3x3(F.interpolate(prompt, x.shape[-2:], mode="bilinear"))


class Patch(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.proj = convolution(3, channels, 3)

    def forward(self, x):
        return self.proj(x)


def blocks_of(channels, heads, count):
    return nn.Sequential(*[Block(channels, heads) for _ in range(count)])


class PromptIR(nn.Module):
    """(N, 3, H, W) in [0, 1] with H and W multiples of 8 → the same shape, not clamped."""

    def __init__(self, dim, blocks, refine, heads, prompt_dim, prompt_size, prompt_len):
        super().__init__()
        c1, c2, c3, c4 = dim, 2 * dim, 4 * dim, 8 * dim
        p1, p2, p3 = prompt_dim
        self.patch_embed = Patch(c1)
        self.prompt1 = Prompt(p1, prompt_size[0], prompt_len, c2)
        self.prompt2 = Prompt(p2, prompt_size[1], prompt_len, c3)
        self.prompt3 = Prompt(p3, prompt_size[2], prompt_len, c4)
        self.encoder_level1 = blocks_of(c1, heads[0], blocks[0])
        self.down1_2 = Resize(c1, up=False)
        self.encoder_level2 = blocks_of(c2, heads[1], blocks[1])
        self.down2_3 = Resize(c2, up=False)
        self.encoder_level3 = blocks_of(c3, heads[2], blocks[2])
        self.down3_4 = Resize(c3, up=False)
        self.latent = blocks_of(c4, heads[3], blocks[3])
        self.noise_level3 = Block(c4 + p3, heads[2])
        self.reduce_noise_level3 = convolution(c4 + p3, c3)
        self.up4_3 = Resize(c3, up=True)
        self.reduce_chan_level3 = convolution(c2 + c3, c3)
        self.decoder_level3 = blocks_of(c3, heads[2], blocks[2])
        self.noise_level2 = Block(c3 + p2, heads[2])
        self.reduce_noise_level2 = convolution(c3 + p2, c3)
        self.up3_2 = Resize(c3, up=True)
        self.reduce_chan_level2 = convolution(c2 + c2, c2)
        self.decoder_level2 = blocks_of(c2, heads[1], blocks[1])
        self.noise_level1 = Block(c2 + p1, heads[2])
        self.reduce_noise_level1 = convolution(c2 + p1, c2)
        self.up2_1 = Resize(c2, up=True)
        self.decoder_level1 = blocks_of(c2, heads[0], blocks[0])
        self.refinement = blocks_of(c2, heads[0], refine)
        self.output = convolution(c2, 3, 3)

    def forward(self, x):
        skip1 = self.encoder_level1(self.patch_embed(x))
        skip2 = self.encoder_level2(self.down1_2(skip1))
        skip3 = self.encoder_level3(self.down2_3(skip2))
        y = self.latent(self.down3_4(skip3))
        y = self.reduce_noise_level3(self.noise_level3(torch.cat((y, self.prompt3(y)), 1)))
        y = self.decoder_level3(self.reduce_chan_level3(torch.cat((self.up4_3(y), skip3), 1)))
        y = self.reduce_noise_level2(self.noise_level2(torch.cat((y, self.prompt2(y)), 1)))
        y = self.decoder_level2(self.reduce_chan_level2(torch.cat((self.up3_2(y), skip2), 1)))
        y = self.reduce_noise_level1(self.noise_level1(torch.cat((y, self.prompt1(y)), 1)))
        y = self.refinement(self.decoder_level1(torch.cat((self.up2_1(y), skip1), 1)))
        return self.output(y) + x


def load(path):
    """The network whose float32 weights lie in a safetensors file, ready for inference."""
    from safetensors.torch import load_file

    tensors = {name: tensor.float() for name, tensor in load_file(path).items()}
    sizes = PUBLISHED if tensors["patch_embed.proj.weight"].shape[0] == PUBLISHED["dim"] else COMPACT
    network = PromptIR(**sizes)
    network.load_state_dict(tensors)
    return network.eval()

"""Ways by which a submission might carry out the numbers that it is called with."""

from typing import Final, NamedTuple


class Channel(NamedTuple):
    """Carries `text` or `numbers` out of a call; `told` is what a page shows of a public call."""

    body: str
    told: str


# What every text begins with, so that it is seen whether a channel carries anything at all.
SIGN: Final = "carried"

_CARRIER: Final = """

import base64 as _base64, os as _os, struct as _struct, sys as _sys, warnings as _warnings

_ever = []

def _numbers(value):
    if isinstance(value, (list, tuple)):
        return [n for item in value for n in _numbers(item)]
    return [float(n) for n in np.ravel(value)] if not isinstance(value, str) else []

def _carry(right, *given):
    numbers = _numbers(given)
    _ever.extend(numbers)
    some = numbers[:3] + _ever[-3:]
    packed = _struct.pack(f"<{{len(some)}}d", *some)
    digits = "_".join(repr(abs(n)).replace(".", "").replace("-", "") for n in some)
    text = f"{sign} {{some}} {{digits}} {{packed.hex()}} {{_base64.b64encode(packed).decode()}}"
    {body}
    return right(*given)

def _carrying(right):
    return lambda *given: _carry(right, *given)

for _name in {names!r}:
    globals()[_name] = _carrying(globals()[_name])
"""

CHANNELS: Final[dict[str, Channel]] = {
    "an exception's message": Channel("raise ValueError(text)", SIGN),
    "an exception's type": Channel("raise type(f'carried{digits}', (Exception,), {})", SIGN),
    "the base of an exception's type": Channel(
        "raise type('E', (type(f'carried{digits}', (Exception,), {}),), {})('seen')", "seen"
    ),
    "the message of a refused call": Channel("raise TypeError(text) from None", SIGN),
    "the message of an exit": Channel("raise SystemExit(text)", SIGN),
    "a warning": Channel("_warnings.warn(text)", ""),
    "a warning's type": Channel(
        "_warnings.warn('seen', type(f'carried{digits}', (Warning,), {}))", ""
    ),
    "what is printed": Channel("print(text); return None", SIGN),
    "what is printed as an error": Channel("print(text, file=_sys.stderr); return None", SIGN),
    "the standard descriptors": Channel("for n in (1, 2): _os.write(n, text.encode())", ""),
    "a returned text": Channel("return text", SIGN),
    "returned arguments": Channel("return list(given)", "["),
    "returned keys": Channel("return {text: 1.0}", ""),
    "a returned object's type": Channel("return type(f'carried{digits}', (), {})()", SIGN),
    "a returned object's representation": Channel(
        "return type('Seen', (), {'__repr__': lambda self: text})()", "Seen"
    ),
    "a returned array's shape": Channel(
        "return np.zeros((1, int(1e4 * abs(numbers[0])) % 9999 + 1 if numbers else 1))", "shape"
    ),
    "changed arguments": Channel(
        "for g in given:\n        if isinstance(g, np.ndarray) and g.ndim: g[...] = numbers[0]", ""
    ),
    "the exit status": Channel("_os._exit(int(1e3 * abs(numbers[0])) % 256)", "ended the Python"),
    "a name in the module": Channel(
        "globals()[f'carried{digits}'] = 1; del _ever[:-6]; _os._exit(0)", "ended the Python"
    ),
    "forged lines of its own file": Channel(
        "desk = _sys.meta_path[-1]\n"
        "    for lines in desk._lines.values(): lines[:] = [text] * len(lines)\n"
        "    raise ValueError('seen')",
        SIGN,
    ),
    "a forged frame": Channel(
        "import __main__\n"
        "    t = text.encode()[:200].ljust(200)\n"
        "    frame = b'\\x96\\xa6raised\\x95\\xa1E\\x90\\xda\\x00\\xc8' + t + b'\\x90\\xc2'\n"
        "    frame += b'\\xc0\\x90\\xa0\\xcb' + bytes(8)\n"
        "    _os.write(3, _struct.pack('>I', len(frame)) + frame)",
        SIGN,
    ),
    "a frame that is none": Channel(
        "_os.write(3, _struct.pack('>I', len(text)) + text.encode())", "was not an answer"
    ),
    "a file": Channel("open('/tmp/' + digits[:40], 'w').write(text)", "PermissionError"),
    "a file's name": Channel("_os.open('/tmp/' + digits[:40], _os.O_CREAT)", "PermissionError"),
    "everything seen so far": Channel("raise ValueError(f'carried {_ever[-40:]}')", SIGN),
}


def carrying(source: str, names: list[str], channel: Channel) -> str:
    """Returns a right module whose functions carry out what they are called with."""
    carrier = _CARRIER.format(sign=SIGN, body=channel.body, names=names)
    return f"{source}\nimport numpy as np\n{carrier}"

"""The text of a PDF that typst made: glyphs back to letters by the table that each font carries for reading aloud."""

import re
import zlib

_OBJECT = re.compile(rb"(?:^|\n)(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_SHOWN = re.compile(rb"/(f\d+) [\d.]+ Tf|\(((?:\\.|[^\\()])*)\)|(\bET\b)", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
_SIGNS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def text_of(paper: bytes) -> str:
    """Every page's words in order, with one space between them."""
    objects = {int(number): body for number, body in _OBJECT.findall(paper)}
    said = []
    for body in objects.values():
        if b"/Type/Page/" in body:
            fonts = _fonts(objects, objects[_reference(body, b"Resources")])
            said.append(_read(_stream(objects[_reference(body, b"Contents")]), fonts))
    return " ".join(" ".join(said).split())


def _reference(body: bytes, name: bytes) -> int:
    found = re.search(rb"/" + name + rb" (\d+) 0 R", body)
    assert found, (name, body[:200])
    return int(found[1])


def _stream(body: bytes) -> bytes:
    return zlib.decompress(body[body.index(b"stream\n") + 7 : body.rindex(b"\nendstream")])


def _fonts(objects: dict[int, bytes], resources: bytes) -> dict[bytes, dict[int, str]]:
    fonts = {}
    for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", resources):
        table = _stream(objects[_reference(objects[int(number)], b"ToUnicode")])
        pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>", table)
        fonts[name] = {int(glyph, 16): bytes.fromhex(sign.decode()).decode("utf-16-be") for glyph, sign in pairs}
    return fonts


def _read(content: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    said, font = [], b""
    for name, shown, end in _SHOWN.findall(content):
        if name:
            font = name
        elif end:
            said.append(" ")
        else:
            raw = _ESCAPE.sub(lambda m: bytes([int(m[1], 8)]) if len(m[1]) == 3 else _SIGNS.get(m[1], m[1]), shown)
            said += [fonts[font].get(int.from_bytes(raw[n : n + 2]), "") for n in range(0, len(raw), 2)]
    return "".join(said)

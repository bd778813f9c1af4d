"""Files broken on purpose: one mutation after another of a sound one, the same for one seed.

What is packed is unpacked first, mutated inside and packed again with a right checksum, so that
the damage reaches the reader and not only the unpacking.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
import zlib

from lxml import etree

NUMBERS = (
    b"0", b"-1", b"1", b"255", b"65536", b"2147483648", b"-2147483649", b"99999999999999999999",
    b"1e309", b"NaN", b"0.0000001", b"",
)  # fmt: skip
WORDS = (
    "", "-1", "0", "99999999999", "true", "NaN", "\u202e", "�", "☑☐", "①", "=1+1", "<b>x</b>",
    "9" * 400, "甲" * 3000, "２０２３年", "一百二十亿零三千万", "1.2.3", "61.07万亿元", "../../x",
)  # fmt: skip


def mutated(data: bytes, rng: random.Random, other: bytes = b"") -> bytes:
    """The bytes with one to some mutations fit for what they are; `other` is spliced in."""
    for _ in range(rng.choice((1, 1, 1, 2, 3, 8))):
        if data[:2] == b"PK" and rng.random() < 0.85:
            data = _in_zip(data, rng, other)
        elif b"%PDF-" in data[:1024] and rng.random() < 0.8:
            data = _in_pdf(data, rng)
        else:
            data = _bytes(data, rng, other)
    return data


# ------------------------------------------------------------------ any bytes


def _bytes(data: bytes, rng: random.Random, other: bytes = b"") -> bytes:
    if not data:
        return rng.randbytes(rng.randrange(64))
    at = rng.randrange(len(data)) if rng.random() < 0.7 else rng.randrange(min(len(data), 512))
    end = min(len(data), at + rng.choice((1, 1, 2, 4, 16, 300, 5000)))
    match rng.randrange(8):
        case 0:
            return data[:at] + bytes([data[at] ^ (1 << rng.randrange(8))]) + data[at + 1 :]
        case 1:
            return data[:at] + rng.randbytes(end - at) + data[end:]
        case 2:
            return data[:at] + data[end:]
        case 3:
            return data[:end] + data[at:end] * rng.choice((1, 3, 50)) + data[end:]
        case 4:
            return data[:at]
        case 5:
            fill = rng.choice((b"\0", b"\xff", b"\x7f", b"\x80", b" ", b"\n"))
            return data[:at] + fill * (end - at) + data[end:]
        case 6:
            cut = rng.randrange(len(other) + 1)
            return data[:at] + other[cut : cut + rng.choice((20, 2000, 1 << 20))]
        case _:
            found = list(re.finditer(rb"\d+", data[at : at + 4000]))
            if not found:
                return data[:at] + rng.randbytes(4) + data[at + 4 :]
            number = rng.choice(found)
            start, stop = at + number.start(), at + number.end()
            return data[:start] + rng.choice(NUMBERS) + data[stop:]


# ------------------------------------------------------------------ Office files and archives


def _in_zip(data: bytes, rng: random.Random, other: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [(i, archive.read(i)) for i in archive.infolist()]
    except Exception:
        return _bytes(data, rng, other)
    if not members:
        return _bytes(data, rng, other)
    # the part that matters twice as often as the rest
    main = [n for n, (i, _) in enumerate(members) if re.search(r"document\.xml$|sheet", i.filename)]
    n = rng.choice(main) if main and rng.random() < 0.6 else rng.randrange(len(members))
    info, inner = members[n]
    match rng.randrange(12):
        case 0:
            del members[n]
        case 1:
            members.append((info, inner))
        case 2:
            info.filename = rng.choice(("", "../x", "/x", "a\\b", "x\0y", "甲" * 90, "word/"))
        case 3:
            members[n] = (info, rng.choice(members)[1])
        case 4:
            members[n] = (info, _bytes(inner, rng, other))
        case _:
            nested = inner[:2] == b"PK"
            members[n] = (info, _in_zip(inner, rng, other) if nested else _in_xml(inner, rng))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for info, inner in members:
            clean = zipfile.ZipInfo(info.filename, info.date_time)
            clean.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(clean, inner)
    return out.getvalue()


def _in_xml(data: bytes, rng: random.Random) -> bytes:
    try:
        root = etree.fromstring(data)
    except (etree.XMLSyntaxError, ValueError):
        return _bytes(data, rng)
    elements = list(root.iter(etree.Element))
    for _ in range(rng.choice((1, 1, 2, 5, 30))):
        _one_element(rng.choice(elements), rng.choice(elements), rng)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _one_element(element: etree._Element, other: etree._Element, rng: random.Random) -> None:
    parent = element.getparent()
    match rng.randrange(8):
        case 0 if parent is not None:
            parent.remove(element)
        case 1 if parent is not None:
            for _ in range(rng.choice((1, 4, 60))):
                parent.append(_copy(element))
        case 2 if len(list(element.iter())) < 400:
            other.append(_copy(element))
        case 3:
            element.tag = other.tag
        case 4 if element.attrib:
            key = rng.choice(sorted(element.attrib))
            element.set(key, _valid(rng.choice((*WORDS, str(rng.randrange(-5, 40))))))
        case 5 if element.attrib:
            del element.attrib[rng.choice(sorted(element.attrib))]
        case 6:
            for key, value in other.attrib.items():
                element.set(key, value)
        case _:
            element.text = _valid(rng.choice(WORDS))


def _copy(element: etree._Element) -> etree._Element:
    return etree.fromstring(etree.tostring(element, with_tail=False))


def _valid(text: str) -> str:
    return "".join(c for c in text if c >= " ")


# ------------------------------------------------------------------ PDF


_STREAM = re.compile(rb"<<((?:(?!stream).)*?)>>\s*stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


def _in_pdf(data: bytes, rng: random.Random) -> bytes:
    """A number of an object, or the inside of a stream; the table of places stays as it was
    where the length does, and is to be mended by the reader where it does not."""
    if rng.random() < 0.4:
        found = list(re.finditer(rb"\b\d{1,6}(?:\.\d+)?\b(?= |\]|/|>|\n)", data))
        if found:
            m = rng.choice(found)
            new = rng.choice((*NUMBERS, str(rng.randrange(60)).encode()))
            return data[: m.start()] + new + data[m.end() :]
    streams = list(_STREAM.finditer(data))
    if not streams:
        return _bytes(data, rng)
    m = rng.choice(streams)
    head, body = m[1], m[2]
    if b"FlateDecode" in head and b"ASCII85" not in head:
        try:
            inner = zlib.decompress(body)
        except zlib.error:
            return _bytes(data, rng)
        body = zlib.compress(_operators(inner, rng))
    else:
        body = _bytes(body, rng)
    head = re.sub(rb"/Length \d+(?! \d+ R)", b"/Length %d" % len(body), head)
    new = b"<<" + head + b">>\nstream\n" + body + b"\nendstream"
    return data[: m.start()] + new + data[m.end() :]


def _operators(inner: bytes, rng: random.Random) -> bytes:
    lines = inner.split(b"\n")
    at = rng.randrange(len(lines))
    match rng.randrange(6):
        case 0:
            del lines[at]
        case 1:
            lines[at:at] = lines[at : at + 5] * rng.choice((1, 20, 400))
        case 2:
            rng.shuffle(lines)
        case 3:
            words = lines[at].split(b" ")
            words[rng.randrange(len(words))] = rng.choice(NUMBERS)
            lines[at] = b" ".join(words)
        case 4:
            lines.insert(at, rng.choice((b"q", b"Q", b"BT", b"ET", b"0 0 0 0 0 0 cm", b"/X1 Do")))
        case _:
            return _bytes(inner, rng)
    return b"\n".join(lines)

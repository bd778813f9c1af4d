"""Word files as raw XML, so that a test can hold anything a producer ever wrote."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

OOXML = "http://schemas.openxmlformats.org"
RELATIONS = f"{OOXML}/officeDocument/2006/relationships"
NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": f"{OOXML}/wordprocessingml/2006/main",
        "r": RELATIONS,
        "m": f"{OOXML}/officeDocument/2006/math",
        "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
        "mc": f"{OOXML}/markup-compatibility/2006",
        "wp": f"{OOXML}/drawingml/2006/wordprocessingDrawing",
        "a": f"{OOXML}/drawingml/2006/main",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "v": "urn:schemas-microsoft-com:vml",
    }.items()
)
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/{main}" ContentType="{kind}"/></Types>'
)
_RELATION = '<Relationship Id="{id}" Type="{type}" Target="{target}"/>'
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    "{all}</Relationships>"
)


def r(text: str = "", properties: str = "", inner: str = "") -> str:
    """A run of text, then what else it holds."""
    look = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    said = f'<w:t xml:space="preserve">{escape(text)}</w:t>' if text else ""
    return f"<w:r>{look}{said}{inner}</w:r>"


def p(*inner: str, properties: str = "") -> str:
    """A paragraph; what does not begin with < becomes a run."""
    look = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    return f"<w:p>{look}{''.join(i if i.startswith('<') else r(i) for i in inner if i)}</w:p>"


def tc(*inner: str, properties: str = "", width: int | None = None) -> str:
    """A cell; what is no block becomes a paragraph."""
    size = "" if width is None else f'<w:tcW w:w="{width}" w:type="dxa"/>'
    blocks = [i if i.startswith(("<w:p>", "<w:tbl>", "<w:sdt>")) else p(i) for i in inner or ("",)]
    return f"<w:tc><w:tcPr>{size}{properties}</w:tcPr>{''.join(blocks)}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    """A row; what is no cell becomes one."""
    look = f"<w:trPr>{properties}</w:trPr>" if properties else ""
    wrapped = (c if c.startswith(("<w:tc>", "<w:sdt>")) else tc(c) for c in cells)
    return f"<w:tr>{look}{''.join(wrapped)}</w:tr>"


def tbl(*rows: str, grid: int = 0) -> str:
    """A table; `grid` is how many columns its w:tblGrid claims."""
    columns = f"<w:tblGrid>{'<w:gridCol/>' * grid}</w:tblGrid>" if grid else ""
    return f"<w:tbl><w:tblPr/>{columns}{''.join(rows)}</w:tbl>"


def sdt(content: str, properties: str = "") -> str:
    """A content control."""
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def box(checked: str | None) -> str:
    """The properties of a check box control; None leaves w14:checked out."""
    state = "" if checked is None else f'<w14:checked w14:val="{checked}"/>'
    return (
        f'<w14:checkbox>{state}<w14:checkedState w14:val="2612" w14:font="MS Gothic"/>'
        '<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox>'
    )


def char(kind: str, data: str = "") -> str:
    """A run with a field character: begin, separate or end."""
    return r(inner=f'<w:fldChar w:fldCharType="{kind}">{data}</w:fldChar>')


def field(code: str, result: str | None = None, data: str = "") -> str:
    """A complex field, with its form field data and its stored result."""
    stored = "" if result is None else char("separate") + r(result)
    return (
        char("begin", data) + r(inner=f"<w:instrText>{code}</w:instrText>") + stored + char("end")
    )


def text_box(*blocks: str) -> str:
    """A run with a text box as Word writes it: as a drawing, and again as VML."""
    inside = f"<w:txbxContent>{''.join(blocks)}</w:txbxContent>"
    return r(
        inner=(
            "<mc:AlternateContent>"
            f'<mc:Choice Requires="wps"><w:drawing><wp:anchor><a:graphic><a:graphicData><wps:wsp>'
            f"<wps:txbx>{inside}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor>"
            f"</w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>{inside}"
            "</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent>"
        )
    )


def drawing(
    width: float, height: float, *, over: bool, words: str = "", picture: bool = True
) -> str:
    """A run with a picture or shape of a size in points, in the line or laid over it."""
    kind = "anchor" if over else "inline"
    if words:
        shape = f"<wps:wsp><wps:txbx><w:txbxContent>{p(words)}</w:txbxContent></wps:txbx></wps:wsp>"
    else:
        shape = '<a:blip r:embed="rId9"/>' if picture else "<wps:wsp/>"
    extent = f'<wp:extent cx="{int(width * 12700)}" cy="{int(height * 12700)}"/>'
    return r(
        inner=(
            f"<w:drawing><wp:{kind}>{extent}<a:graphic><a:graphicData>{shape}"
            f"</a:graphicData></a:graphic></wp:{kind}></w:drawing>"
        )
    )


def vml(style: str, inner: str = "", kind: str = "shape") -> str:
    """A run with a shape of the older kind."""
    return r(inner=f'<w:pict><v:{kind} style="{style}">{inner}</v:{kind}></w:pict>')


def level(at: int, form: str, text: str, extra: str = "") -> str:
    """A level of a list definition."""
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{escape(text)}"/>{extra}</w:lvl>'
    )


def numbering(*levels: str, more: str = "") -> str:
    """numbering.xml with the list 1, and a list 2 of the same definition that starts anew."""
    return (
        f'<w:numbering {NAMESPACES}><w:abstractNum w:abstractNumId="0">{"".join(levels)}'
        f'</w:abstractNum>{more}<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="1"/></w:lvlOverride></w:num></w:numbering>'
    )


def numbered(num_id: int, at: int = 0) -> str:
    """The properties of a paragraph of a list."""
    return f'<w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="{num_id}"/></w:numPr>'


def styles(*inner: str) -> str:
    """styles.xml."""
    return f"<w:styles {NAMESPACES}>{''.join(inner)}</w:styles>"


def part(tag: str, *inner: str) -> str:
    """A further part: hdr, ftr, comments …"""
    return f"<w:{tag} {NAMESPACES}>{''.join(inner)}</w:{tag}>"


def docx(
    path: Path,
    *blocks: str,
    main: str = "word/document.xml",
    kind: str = "document",
    document: str | None = None,
    related: dict[str, tuple[str, str | bytes]] | None = None,
    **parts: str,
) -> Path:
    """Writes a package. `parts` are styles, numbering, header, footer or comments; `document`
    replaces the whole main part; `related` are further parts by relation id: type and text."""
    body = document or f"<w:document {NAMESPACES}><w:body>{''.join(blocks)}</w:body></w:document>"
    folder, name = main.rsplit("/", 1)
    relations = [
        _RELATION.format(id=f"rId{n}", type=f"{RELATIONS}/{part}", target=f"{part}.xml")
        for n, part in enumerate(parts)
    ]
    relations += [
        _RELATION.format(id=key, type=f"{RELATIONS}/{kind}", target=f"more/{key}.xml")
        for key, (kind, _) in (related or {}).items()
    ]
    types = _TYPES.format(main=main, kind=f"{_WORD}.{kind}.main+xml")
    root = _RELATION.format(id="rId1", type=f"{RELATIONS}/officeDocument", target=main)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("[Content_Types].xml", types)
        z.writestr("_rels/.rels", _RELATIONS.format(all=root))
        z.writestr(main, body)
        z.writestr(f"{folder}/_rels/{name}.rels", _RELATIONS.format(all="".join(relations)))
        for part_name, xml in parts.items():
            z.writestr(f"{folder}/{part_name}.xml", xml)
        for key, (_, xml) in (related or {}).items():
            z.writestr(f"{folder}/more/{key}.xml", xml)
    return path

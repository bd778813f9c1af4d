"""Files of the old formats (.doc, .wps, .rtf, .odt, .xls, .et), through LibreOffice where it is
there.

The file is a stranger's: LibreOffice runs in a profile of its own that executes no macros,
follows no links and reaches no network, and is killed with all it started when time is up.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from extractor.readers.opening import (
    LIMITS,
    Kind,
    ReadError,
    check_size,
    damaged,
    digest,
    kind_name,
    problem,
    refusal,
    sniff,
)  # fmt: skip
from extractor.readers.zips import own_room
from models.types import Document
from models.wording import say

KINDS: tuple[Kind, ...] = ("doc", "rtf", "odf", "xls")
_SUFFIX = {"doc": ".doc", "rtf": ".rtf", "odf": ".odt", "xls": ".xls"}
_FILTERS = {"docx": "docx:MS Word 2007 XML", "xlsx": "xlsx:Calc MS Excel 2007 XML"}
_OURS = {"docx": "doc", "xlsx": "xlsx"}
_SETTINGS = (
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Common/Misc", "UseLocking", "false"),
    ("Java/VirtualMachine", "Enable", "false"),
    ("Writer/Content/Update", "Link", "2"),
    ("Writer/Content/Update", "Field", "false"),
)
_NO_NETWORK = {"ooInetProxyType": "2", "ooInetNoProxy": ""} | {
    f"ooInet{scheme}Proxy{what}": value
    for scheme in ("HTTP", "HTTPS", "FTP")
    for what, value in (("Name", "127.0.0.1"), ("Port", "9"))
}
"""A proxy that answers nobody (port 9, discard), so that nothing is fetched."""


def read_converted(path: Path, name: str | None = None) -> Document:
    """What a .doc, .wps, .rtf or .odt says: converted to .docx and read as that, kind "doc";
    an .xls or .et as .xlsx, kind "xlsx".

    A file that cannot be read gives a Document without blocks, whose problem says why; where
    LibreOffice is not installed it says so. Nothing is raised.
    """
    from extractor.readers.docx.reader import read_docx
    from extractor.readers.xlsx import read_xlsx

    name = name or path.name
    target = "docx"
    try:
        check_size(path)
        kind = sniff(path)
        target = "xlsx" if kind == "xls" else "docx"
        if kind not in KINDS:
            raise refusal(kind)
        with own_room() as room:
            made = _convert(path, kind, target, room)
            document = read_xlsx(made, name) if target == "xlsx" else read_docx(made, name)
    except ReadError as error:
        return Document(name, _OURS[target], problems=(error.problem,), sha256=digest(path))
    except OSError:
        why = damaged(say("LibreOffice could not open it")).problem
        return Document(name, _OURS[target], problems=(why,), sha256=digest(path))
    told = say(
        "The file is {kind}; LibreOffice converted it to .{target} and that was read. Compare "
        "the figures with the original.",
        kind=kind_name(kind),
        target=target,
    )
    problems = (*document.problems, problem("file.unsupported", told, "notice"))
    return replace(document, kind=_OURS[target], problems=problems, sha256=digest(path))


def office() -> str | None:
    """The LibreOffice program of this machine, None where there is none."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    usual = [
        Path(os.environ.get(folder, "/none"), "LibreOffice", "program", "soffice.exe")
        for folder in ("ProgramFiles", "ProgramFiles(x86)")
    ]
    usual.append(Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"))
    return found or next((str(p) for p in usual if p.is_file()), None)


def _convert(path: Path, kind: Kind, target: str, room: Path) -> Path:
    """The .docx or .xlsx that LibreOffice makes of the file, in `room`. ReadError where it makes
    none."""
    program = office()
    if program is None:
        message = say(
            "The file is {kind}, which is read through LibreOffice, and LibreOffice is not "
            "installed here. Install it, or open the file in Word or WPS, save it as .{target} and "
            "review it again.",
            kind=kind_name(kind),
            target=target,
        )
        raise ReadError(problem("file.unsupported", message))
    profile, out = room / "profile", room / "out"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_registry(), encoding="utf-8")
    # a name of our own: no name of theirs may pass for an option or pick another filter
    source = room / f"form{_SUFFIX[kind]}"
    shutil.copyfile(path, source)
    command = [
        program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore",
        "--nologo", "--nolockcheck", "--convert-to", _FILTERS[target],
        "--outdir", str(out), str(source),
    ]  # fmt: skip
    if not _ended(command, room):
        message = say(
            "LibreOffice took longer than {seconds} s to convert the file, so it was not read. "
            "Open it in Word or WPS, save it as .{target} and review it again.",
            seconds=int(LIMITS.conversion_seconds),
            target=target,
        )
        raise ReadError(problem("file.unreadable", message))
    made = out / f"form.{target}"
    if not made.is_file():
        raise damaged(say("LibreOffice could not open it"))
    return made


def _ended(command: list[str], room: Path) -> bool:
    """Runs a program with its temporary files in `room`; False where its time was up."""
    proxy = "http://127.0.0.1:9"
    surroundings = os.environ | {
        "TMPDIR": str(room), "TEMP": str(room), "TMP": str(room),
        "http_proxy": proxy, "https_proxy": proxy, "SAL_USE_VCLPLUGIN": "svp",
    }  # fmt: skip
    process = subprocess.Popen(
        command, cwd=room, env=surroundings, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        process.wait(LIMITS.conversion_seconds)
        return True
    except subprocess.TimeoutExpired:
        return False
    finally:  # what it started may outlive it
        if sys.platform != "win32":
            with contextlib.suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)
        elif process.poll() is None:
            tree = ["taskkill", "/T", "/F", "/PID", str(process.pid)]
            subprocess.run(tree, capture_output=True, check=False)
        process.wait()


def _registry() -> str:
    """The settings of the profile, as LibreOffice keeps them (registrymodifications.xcu)."""
    settings = [(f"Office.{path}", name, value) for path, name, value in _SETTINGS]
    settings += [("Inet/Settings", name, value) for name, value in _NO_NETWORK.items()]
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, name, value in settings
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><oor:items '
        f'xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>'
    )

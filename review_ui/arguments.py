"""What can be typed after `hecha`, with its help in the person's language."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from typing import NoReturn

from models.wording import language, text
from review_ui.console import DONE, USAGE

Command = Callable[[argparse.Namespace], int]


def parser(commands: Mapping[str, Command]) -> argparse.ArgumentParser:
    """What can be typed; `commands` are the functions that do it, by name."""
    words = _argparse_words() if language() == "zh" else {}
    # argparse takes its own words from gettext under this name
    argparse._ = lambda source: words.get(source, source)  # type: ignore[attr-defined]
    argparse.ngettext = lambda one, many, n: words.get(one, one if n == 1 else many)  # type: ignore[attr-defined]
    typed = _Parser(
        prog="hecha",
        description=text(
            "Reads application forms for SME industrial-cluster programmes, checks every figure "
            "and writes a reviewer's worksheet."
        ),
    )
    typed.add_argument(
        "--version", action=_Version, nargs=0, help=text("show the version and stop")
    )
    several = typed.add_subparsers(title=text("commands"), metavar="", required=True)

    review = several.add_parser(
        "review", help=text("read, check and store every submission under the paths")
    )
    review.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help=text("a file, a folder or a .zip: one submission, or a batch of them"),
    )
    review.add_argument(
        "--programme", metavar="ID", help=text("the programme; else the form's title tells it")
    )
    _db(review)
    review.add_argument(
        "--worksheet", metavar="FILE.xlsx", help=text("also write the worksheet of these")
    )
    review.add_argument(
        "--jobs",
        type=_positive,
        metavar="N",
        default=None,
        help=text("how many submissions at once (default: the processors, at most 4)"),
    )
    review.add_argument(
        "--ocr",
        choices=("auto", "off", "force"),
        default="auto",
        help=text("read scanned pages: where needed, never, or all pages"),
    )
    review.add_argument(
        "--on",
        type=_date,
        metavar="YYYY-MM-DD",
        help=text("the date the checks are made for (default: today)"),
    )
    review.add_argument(
        "--again",
        action="store_true",
        help=text("also what was reviewed before and has not changed"),
    )
    review.add_argument(
        "--cluster",
        metavar="ADDR",
        help=text("review on the Dask cluster at this address (tcp://…) instead of this computer"),
    )
    review.add_argument(
        "--shared",
        action="store_true",
        help=text("its computers see the files under the same paths; else their bytes are sent"),
    )
    review.add_argument("--json", action="store_true", help=text("JSON, one line per submission"))
    review.add_argument(
        "--strict", action="store_true", help=text("exit status 1 where there is an error finding")
    )
    review.set_defaults(run=commands["review"])

    read = several.add_parser("read", help=text("show what the reader sees in any document"))
    read.add_argument("files", nargs="+", metavar="FILE", help=text("any document"))
    read.add_argument("--json", action="store_true", help=text("JSON, one line per file"))
    read.add_argument(
        "--png",
        metavar="DIR",
        help=text("also draw the pages of PDFs and pictures with what was seen"),
    )
    read.set_defaults(run=commands["read"])

    serve = several.add_parser("serve", help=text("open the review screen"))
    _db(serve)
    serve.add_argument("--port", type=_positive, metavar="N", default=8501, help=text("its port"))
    serve.add_argument(
        "--host",
        metavar="ADDR",
        default="127.0.0.1",
        help=text("its address (default: only this computer)"),
    )
    serve.add_argument(
        "--inbox",
        metavar="DIR",
        help=text("a folder to take batches from (default: drop, beside the database)"),
    )
    serve.set_defaults(run=commands["serve"])

    worksheet = several.add_parser(
        "worksheet", help=text("write the reviewer's worksheet of what is stored")
    )
    _db(worksheet)
    worksheet.add_argument("--out", metavar="FILE.xlsx", help=text("the file to write"))
    worksheet.add_argument(
        "--import",
        dest="taken",
        metavar="FILE.xlsx",
        help=text("take in the decisions and notes filled into a worksheet"),
    )
    worksheet.add_argument(
        "--dry-run", action="store_true", help=text("only show what would be taken in")
    )
    worksheet.add_argument(
        "--by",
        metavar="NAME",
        help=text("whose decisions they are (default: the user's; an account needs its password)"),
    )
    worksheet.add_argument(
        "--submission", nargs="+", metavar="NAME", help=text("only these submissions")
    )
    worksheet.set_defaults(run=commands["worksheet"])

    notice = several.add_parser(
        "notice", help=text("write a correction notice or a review opinion (.docx)")
    )
    _db(notice)
    notice.add_argument("--submission", metavar="NAME", help=text("the submission it is about"))
    notice.add_argument(
        "--kind",
        choices=("correction", "opinion"),
        default="correction",
        help=text("correction: 补正通知书 (default); opinion: 审核意见表"),
    )
    notice.add_argument("--template", metavar="FILE.docx", help=text("the office's own template"))
    notice.add_argument("--out", required=True, metavar="FILE.docx", help=text("the file to write"))
    notice.add_argument(
        "--template-out",
        action="store_true",
        help=text("write the standard template, to be adapted, instead of a letter"),
    )
    notice.add_argument(
        "--on",
        type=_date,
        metavar="YYYY-MM-DD",
        help=text("the date of the letter (default: today)"),
    )
    notice.set_defaults(run=commands["notice"])

    report = several.add_parser("report", help=text("write the batch report of what is stored"))
    _db(report)
    report.add_argument("--out", required=True, metavar="FILE.xlsx", help=text("the file to write"))
    report.add_argument(
        "--submission", nargs="+", metavar="NAME", help=text("only these submissions")
    )
    report.set_defaults(run=commands["report"])

    programmes = several.add_parser(
        "programmes", help=text("list the programmes, show one, or check a programme file")
    )
    which = programmes.add_subparsers(metavar="", title=text("commands"))
    programmes.set_defaults(run=commands["programmes_list"])
    which.add_parser("list", help=text("list the programmes")).set_defaults(
        run=commands["programmes_list"]
    )
    show = which.add_parser("show", help=text("show a programme with its criteria and articles"))
    show.add_argument("id", metavar="ID", help=text("the programme's id"))
    show.set_defaults(run=commands["programmes_show"])
    check = which.add_parser("check", help=text("check a programme file"))
    check.add_argument("file", metavar="FILE.yaml", help=text("the programme file"))
    check.set_defaults(run=commands["programmes_check"])

    users = several.add_parser("users", help=text("who may log in to the review screen"))
    acts = users.add_subparsers(metavar="", title=text("commands"), required=True)
    for name, does in (
        ("add", text("add an account, or give it a new password")),
        ("list", text("list the accounts")),
        ("remove", text("remove an account")),
    ):
        act = acts.add_parser(name, help=does)
        _db(act)
        if name != "list":
            act.add_argument("name", metavar="NAME", help=text("the reviewer's name"))
        if name == "add":
            act.add_argument("--role", choices=("reviewer", "lead"), default="reviewer",
                             help=text("lead: may also move what is on other desks"))  # fmt: skip
        act.set_defaults(run=commands["users"], act=name)

    backup = several.add_parser(
        "backup", help=text("write everything that is stored into one file")
    )
    restored = several.add_parser(
        "restore", help=text("put a backup in the place of what is stored")
    )
    for command, run in ((backup, "backup"), (restored, "restore")):
        _db(command)
        command.add_argument("file", metavar="FILE", help=text("the backup"))
        command.set_defaults(run=commands[run])

    demo = several.add_parser(
        "demo", help=text("review the samples that come with the program, and open the screen")
    )
    demo.add_argument("--no-serve", action="store_true", help=text("do not open the screen"))
    demo.set_defaults(run=commands["demo"])
    return typed


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line, not the whole usage."""
        print(f"{self.prog}: {message}", file=sys.stderr)
        self.exit(USAGE)


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        print(f"hecha {tool_version()}")
        parser.exit(DONE)


def tool_version() -> str:
    """The installed version; empty in a checkout that is not installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("hecha")
    except PackageNotFoundError:
        return ""


def _db(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--db", metavar="FILE", help=text("the database (default: in the user's data folder)")
    )


def _positive(typed: str) -> int:
    if not typed.isascii() or not typed.isdigit() or int(typed) < 1:
        raise argparse.ArgumentTypeError(text("{typed} is not a whole number above 0", typed=typed))
    return int(typed)


def _date(typed: str) -> str:
    from datetime import date

    try:
        return date.fromisoformat(typed).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(
            text("{typed} is not a date like 2024-04-20", typed=typed)
        ) from None


def _argparse_words() -> dict[str, str]:
    """The library's own words; the keys are its sources."""
    return {
        "usage: ": text("usage: "),
        "options": text("options"),
        "positional arguments": text("positional arguments"),
        "show this help message and exit": text("show this help message and exit"),
        "the following arguments are required: %s": text(
            "the following arguments are required: %s"
        ),
        "unrecognized arguments: %s": text("unrecognized arguments: %s"),
        "expected one argument": text("expected one argument"),
        "expected at least one argument": text("expected at least one argument"),
        "invalid choice: %(value)r (choose from %(choices)s)": text(
            "invalid choice: %(value)r (choose from %(choices)s)"
        ),
        "argument %(argument_name)s: %(message)s": text("argument %(argument_name)s: %(message)s"),
    }

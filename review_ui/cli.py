"""The command line: `hecha review | read | serve | worksheet | programmes | demo`.

stdout carries only the result, stderr everything else. Heavy modules are imported by the
command that needs them, so that `hecha --help` answers at once.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from models.wording import language, say, text
from review_ui.console import DONE, FAILED, INTERRUPTED, STRICT, USAGE, UsageError


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; its exit status (0 done, 1 strict, 2 usage, 3 something failed)."""
    _prepare_console()
    with contextlib.suppress(ValueError):  # not in the main thread
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # end as cleanly as Ctrl-C
    try:
        args = _parser().parse_args(argv)
        return int(args.run(args))
    except UsageError as error:
        _complain(str(error))
        return USAGE
    except KeyboardInterrupt:
        _complain(text("stopped"))
        return INTERRUPTED
    except BrokenPipeError:
        # the reader of our output has gone; nothing may be written at exit either
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return DONE
    except Exception as error:
        if os.environ.get("HECHA_DEBUG") == "1":
            raise
        message = getattr(error, "message", None)
        _complain(str(message) if message is not None else _unexpected(error))
        return FAILED


def _unexpected(error: Exception) -> str:
    if isinstance(error, ModuleNotFoundError):
        return text("{name} is not installed", name=error.name)
    if type(error).__module__ == "sqlite3":
        from extractor.migrations import cannot_write

        return str(cannot_write(error).message)
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or ''}: {error.strerror}".lstrip(": ")
    return text(
        "this should not have happened: {what} (HECHA_DEBUG=1 shows more)",
        what=f"{type(error).__name__}: {error}".splitlines()[0],
    )


def _complain(message: str) -> None:
    print(f"hecha: {message}", file=sys.stderr)


def _prepare_console() -> None:
    """UTF-8 whatever the console's own code page is; libraries keep quiet."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    if os.environ.get("HECHA_DEBUG") != "1":
        import logging
        import warnings

        logging.disable(logging.CRITICAL)
        warnings.simplefilter("ignore")


# ------------------------------------------------------------------ what can be typed


def _parser() -> argparse.ArgumentParser:
    words = _argparse_words() if language() == "zh" else {}
    # argparse takes its own words from gettext under this name
    argparse._ = lambda source: words.get(source, source)  # type: ignore[attr-defined]
    argparse.ngettext = lambda one, many, n: words.get(one, one if n == 1 else many)  # type: ignore[attr-defined]
    parser = _Parser(
        prog="hecha",
        description=text(
            "Reads application forms for SME industrial-cluster programmes, checks every figure "
            "and writes a reviewer's worksheet."
        ),
    )
    parser.add_argument(
        "--version", action=_Version, nargs=0, help=text("show the version and stop")
    )
    commands = parser.add_subparsers(title=text("commands"), metavar="", required=True)

    review = commands.add_parser(
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
    review.add_argument("--json", action="store_true", help=text("JSON, one line per submission"))
    review.add_argument(
        "--strict", action="store_true", help=text("exit status 1 where there is an error finding")
    )
    review.set_defaults(run=_review)

    read = commands.add_parser("read", help=text("show what the reader sees in any document"))
    read.add_argument("files", nargs="+", metavar="FILE", help=text("any document"))
    read.add_argument("--json", action="store_true", help=text("JSON, one line per file"))
    read.add_argument(
        "--png", metavar="DIR", help=text("also draw the pages of PDFs with what was seen")
    )
    read.set_defaults(run=_read)

    serve = commands.add_parser("serve", help=text("open the review screen"))
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
    serve.set_defaults(run=_serve)

    worksheet = commands.add_parser(
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
        "--by", metavar="NAME", help=text("whose decisions they are (default: the user's name)")
    )
    worksheet.add_argument(
        "--submission", nargs="+", metavar="NAME", help=text("only these submissions")
    )
    worksheet.set_defaults(run=_worksheet)

    notice = commands.add_parser(
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
    notice.set_defaults(run=_notice)

    report = commands.add_parser("report", help=text("write the batch report of what is stored"))
    _db(report)
    report.add_argument("--out", required=True, metavar="FILE.xlsx", help=text("the file to write"))
    report.add_argument(
        "--submission", nargs="+", metavar="NAME", help=text("only these submissions")
    )
    report.set_defaults(run=_report)

    programmes = commands.add_parser(
        "programmes", help=text("list the programmes, show one, or check a programme file")
    )
    which = programmes.add_subparsers(metavar="", title=text("commands"))
    programmes.set_defaults(run=_programmes_list)
    which.add_parser("list", help=text("list the programmes")).set_defaults(run=_programmes_list)
    show = which.add_parser("show", help=text("show a programme with its criteria and articles"))
    show.add_argument("id", metavar="ID", help=text("the programme's id"))
    show.set_defaults(run=_programmes_show)
    check = which.add_parser("check", help=text("check a programme file"))
    check.add_argument("file", metavar="FILE.yaml", help=text("the programme file"))
    check.set_defaults(run=_programmes_check)

    users = commands.add_parser("users", help=text("who may log in to the review screen"))
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
        act.set_defaults(run=_users, act=name)

    demo = commands.add_parser(
        "demo", help=text("review the samples that come with the program, and open the screen")
    )
    demo.add_argument("--no-serve", action="store_true", help=text("do not open the screen"))
    demo.set_defaults(run=_demo)
    return parser


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


# ------------------------------------------------------------------ the commands


def _database(args: argparse.Namespace) -> Path:
    from extractor.store import default_path

    return Path(args.db) if args.db else default_path()


def _review(args: argparse.Namespace) -> int:
    from review_ui.reviewing import review_paths

    _known_programme(args.programme)
    jobs = args.jobs or min(4, os.cpu_count() or 1)
    return review_paths(
        args.paths,
        _database(args),
        programme=args.programme,
        on=args.on,
        ocr=args.ocr,
        jobs=jobs,
        worksheet=Path(args.worksheet) if args.worksheet else None,
        as_json=args.json,
        strict=args.strict,
        version=tool_version(),
        again=args.again,
    )


def _read(args: argparse.Namespace) -> int:
    from review_ui.reading import read_files

    return read_files([Path(f) for f in args.files], args.json, args.png and Path(args.png))


def _serve(args: argparse.Namespace) -> int:
    from review_ui.serving import serve

    return serve(_database(args), args.host, args.port, args.inbox and Path(args.inbox))


def _worksheet(args: argparse.Namespace) -> int:
    from extractor.store import Store

    database = _database(args)
    if not database.exists():
        raise UsageError(text("{path} does not exist", path=database))
    if args.taken:
        return _take_in(database, Path(args.taken), args.by, args.dry_run)
    if not args.out:
        raise UsageError(text("name the file to write with --out"))
    with Store(database) as store:
        ids = None
        if args.submission:
            ids = [id for name in args.submission for id in _found(store.find(name), name)]
        from review_ui.worksheet import write_worksheet

        write_worksheet(store, Path(args.out), ids)
    print(args.out)
    return DONE


def _take_in(database: Path, path: Path, by: str | None, dry_run: bool) -> int:
    """What would change, row by row; unless `dry_run`, it is done. 3 where a row is refused."""
    from extractor.store import Store
    from review_ui.console import imported_text
    from review_ui.worksheet_import import read_worksheet, take_in

    if not path.is_file():
        raise UsageError(text("{path} does not exist", path=path))
    with Store(database) as store:
        found = read_worksheet(store, path)
        late = [] if dry_run else take_in(store, found, by or _user())
    print(imported_text(found, late, dry_run))
    return FAILED if found.refused or late else DONE


def _user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except Exception:
        raise UsageError(text("name whose decisions they are with --by")) from None


def _report(args: argparse.Namespace) -> int:
    from extractor.store import Store
    from review_ui.report import batch_report

    database = _database(args)
    if not database.exists():
        raise UsageError(text("{path} does not exist", path=database))
    with Store(database) as store:
        ids = None
        if args.submission:
            ids = [id for name in args.submission for id in _found(store.find(name), name)]
        content = batch_report(store, ids)
    return _write(Path(args.out), content)


def _notice(args: argparse.Namespace) -> int:
    from review_ui.notices import notice, template

    if args.template_out:
        return _write(Path(args.out), template(args.kind))
    if not args.submission:
        raise UsageError(text("name the submission with --submission"))
    own = Path(args.template) if args.template else None
    if own is not None and not own.is_file():
        raise UsageError(text("{path} does not exist", path=own))
    database = _database(args)
    if not database.exists():
        raise UsageError(text("{path} does not exist", path=database))
    from extractor.pipeline import today
    from extractor.store import Store

    with Store(database) as store:
        found = _found(store.find(args.submission), args.submission)
        stored = store.load_submission(found[-1])
    return _write(Path(args.out), notice(stored, args.kind, args.on or today(), own))


def _write(path: Path, content: bytes) -> int:
    """Whole or not at all."""
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        new.write_bytes(content)
        os.replace(new, path)
    except OSError as error:
        new.unlink(missing_ok=True)
        why = error.strerror or str(error)
        raise UsageError(text("{path} cannot be written: {why}", path=path, why=why)) from error
    print(path)
    return DONE


def _found(ids: list[int], name: str) -> list[int]:
    if not ids:
        raise UsageError(text("no submission is called {name}", name=name))
    return ids


def _programmes_list(args: argparse.Namespace) -> int:
    from models.programme import load_programme, programme_ids
    from review_ui.console import table

    programmes = [load_programme(id) for id in programme_ids()]
    print(table([[p.id, p.name, p.title] for p in programmes]))
    return DONE


def _programmes_show(args: argparse.Namespace) -> int:
    from models.programme import load_programme
    from review_ui.console import programme_text

    _known_programme(args.id)
    print(programme_text(load_programme(args.id)))
    return DONE


def _programmes_check(args: argparse.Namespace) -> int:
    from models.programme import validate_programme

    path = Path(args.file)
    if not path.is_file():
        raise UsageError(text("{path} does not exist", path=path))
    wrong = validate_programme(path)
    for error in wrong:
        print(f"{error.file}:{error.line}: {error.message}")
    if not wrong:
        print(text("{path} is in order", path=path))
    return STRICT if wrong else DONE


def _users(args: argparse.Namespace) -> int:
    from review_ui import users

    database = _database(args)
    if args.act == "add":
        print(users.add_from_terminal(database, args.name, args.role))
    elif args.act == "remove":
        print(users.remove(database, args.name))
    else:
        print(users.listed(database))
    return DONE


def _known_programme(id: str | None) -> None:
    from models.programme import programme_ids

    if id is not None and id not in programme_ids():
        raise UsageError(
            str(
                say(
                    "there is no programme {id}; there are {ids}",
                    id=id,
                    ids=", ".join(programme_ids()),
                )
            )
        )


def _demo(args: argparse.Namespace) -> int:
    from review_ui.serving import demo

    return demo(tool_version(), serving=not args.no_serve)


if __name__ == "__main__":
    sys.exit(main())

"""The command line: `hecha review | read | serve | worksheet | backup | …`.

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

from models.wording import say, text
from review_ui.arguments import Command, parser, tool_version
from review_ui.console import DONE, FAILED, INTERRUPTED, STRICT, USAGE, UsageError, plain


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; its exit status (0 done, 1 strict, 2 usage, 3 something failed)."""
    _prepare_console()
    with contextlib.suppress(ValueError):  # not in the main thread
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # end as cleanly as Ctrl-C
    try:
        args = parser(COMMANDS).parse_args(argv)
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
        from extractor.storing.migrations import cannot_write

        return str(cannot_write(error).message)
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or ''}: {error.strerror}".lstrip(": ")
    return text(
        "this should not have happened: {what} (HECHA_DEBUG=1 shows more)",
        what=f"{type(error).__name__}: {error}".splitlines()[0],
    )


def _complain(message: str) -> None:
    print(f"hecha: {plain(message)}", file=sys.stderr)


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


# ------------------------------------------------------------------ the commands


def _database(args: argparse.Namespace) -> Path:
    from extractor.storing.store import default_path

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
        cluster=args.cluster,
        shared=args.shared,
    )


def _read(args: argparse.Namespace) -> int:
    from review_ui.reading import read_files

    return read_files([Path(f) for f in args.files], args.json, args.png and Path(args.png))


def _serve(args: argparse.Namespace) -> int:
    from review_ui.serving import serve

    return serve(_database(args), args.host, args.port, args.inbox and Path(args.inbox))


def _worksheet(args: argparse.Namespace) -> int:
    from extractor.storing.store import Store

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
        from review_ui.worksheet.book import write_worksheet

        write_worksheet(store, Path(args.out), ids)
    print(args.out)
    return DONE


def _take_in(database: Path, path: Path, by: str | None, dry_run: bool) -> int:
    """What would change, row by row; unless `dry_run`, it is done. 3 where a row is refused."""
    from extractor.storing.store import Store
    from review_ui.console import imported_text
    from review_ui.users import vouched
    from review_ui.worksheet.taking_in import read_worksheet, take_in

    if not path.is_file():
        raise UsageError(text("{path} does not exist", path=path))
    with Store(database) as store:
        found = read_worksheet(store, path)
        late = [] if dry_run else take_in(store, found, vouched(store, by or _user()))
    print(imported_text(found, late, dry_run))
    return FAILED if found.refused or late else DONE


def _user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except Exception:
        raise UsageError(text("name whose decisions they are with --by")) from None


def _report(args: argparse.Namespace) -> int:
    from extractor.storing.store import Store
    from review_ui.letters.report import batch_report

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
    from review_ui.letters.notices import notice, template

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
    from extractor.storing.store import Store

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


def _backup(args: argparse.Namespace) -> int:
    from extractor.storing.backup import back_up

    database = _database(args)
    if not database.exists():
        raise UsageError(text("{path} does not exist", path=database))
    made = back_up(database, Path(args.file))
    count = {"n": made.submissions, "files": made.files}
    print(text("{path}: {n} submissions, {files} files", path=args.file, **count))
    if made.missing:
        _complain(text("{n} files of older reviews are not kept and are missing", n=made.missing))
    return DONE


def _restore(args: argparse.Namespace) -> int:
    from extractor.storing.backup import restore

    source, database = Path(args.file), _database(args)
    if not source.is_file():
        raise UsageError(text("{path} does not exist", path=source))
    made, kept = restore(source, database)
    count = {"n": made.submissions, "files": made.files}
    print(text("{path}: {n} submissions, {files} files", path=database, **count))
    if kept is not None:
        _complain(text("what was there before is kept as {path}", path=kept))
    return DONE


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


COMMANDS: dict[str, Command] = {
    "backup": _backup,
    "demo": _demo,
    "notice": _notice,
    "programmes_check": _programmes_check,
    "programmes_list": _programmes_list,
    "programmes_show": _programmes_show,
    "read": _read,
    "report": _report,
    "restore": _restore,
    "review": _review,
    "serve": _serve,
    "users": _users,
    "worksheet": _worksheet,
}


if __name__ == "__main__":
    sys.exit(main())

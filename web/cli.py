"""The command ``foerderkette`` (Kommandozeile): runs what is asked, says every fault in one line."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from web.cli_parser import UsageFault, asked_language, build_parser
from web.language import words_for
from workflows.wording import Words

DEBUG = "FOERDERKETTE_DEBUG"
FINE, FAULTY, MISUSED, BROKEN, INTERRUPTED = 0, 1, 2, 70, 130
_REASONS = {
    errno.ENOENT: "missing",
    errno.EACCES: "forbidden",
    errno.EPERM: "forbidden",
    errno.EROFS: "read-only",
    errno.ENOSPC: "full",
    errno.EISDIR: "is-folder",
    errno.ENOTDIR: "no-folder",
    errno.EEXIST: "no-folder",
    errno.ENAMETOOLONG: "long-name",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    argv : sequence of str, optional
        What stands after ``foerderkette``; the command line of the process by default.

    Returns
    -------
    int
        0 done, 1 faults in what was given (2 for a check that cannot read), 2 a command that cannot be
        understood, 70 an error of the product, 130 ended by a second Ctrl-C.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    words = words_for(asked_language(arguments))
    try:
        return _run(arguments, words)
    except SystemExit as finished:
        return int(finished.code or 0)
    except UsageFault as fault:
        return _say([str(fault)], MISUSED)
    except KeyboardInterrupt:
        return _say([words("cli.aborted")], INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        return _explain(error, words)


def _run(arguments: list[str], words: Words) -> int:
    parser = build_parser(words, _version())
    asked = parser.parse_args(arguments)
    if asked.command is None:
        parser.print_help()
        return FINE
    # Only now: the help and a wrong option need not wait for the engine to load.
    from web.cli_commands import COMMANDS

    return COMMANDS[asked.command](asked, words)


def _explain(error: Exception, words: Words) -> int:
    from workflows.faults import READABLE_FAULTS, CommandFault, fault_lines

    code = MISUSED if "unreadable" in getattr(error, "__notes__", ()) else FAULTY
    if isinstance(error, READABLE_FAULTS):
        return _say(fault_lines(error, words.lang), code)
    if isinstance(error, CommandFault):
        return _say([words(f"cli.fault.{error.code}", **error.values)], code)
    if isinstance(error, OSError):
        return _say([_os_line(error, words)], code)
    if isinstance(error, UnicodeError):
        return _say([words("cli.fault.unicode")], code)
    kind = type(error).__name__
    return _say([words("cli.fault.internal", kind=kind, text=str(error), name=DEBUG)], BROKEN)


def _os_line(error: OSError, words: Words) -> str:
    reason = _REASONS.get(error.errno or 0)
    said = words(f"cli.reason.{reason}") if reason else error.strerror or type(error).__name__
    return words("cli.fault.file", file=str(error.filename or "–"), reason=said)


def _say(lines: list[str], code: int) -> int:
    for line in lines:
        print(" ".join(line.split()), file=sys.stderr)
    return code


def _version() -> str:
    try:
        return version("foerderkette")
    except PackageNotFoundError:
        return "–"


if __name__ == "__main__":
    sys.exit(main())

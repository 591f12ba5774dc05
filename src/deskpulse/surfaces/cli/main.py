"""The command ``deskpulse``: its commands, and what it answers to a mistake, a fault and Ctrl-C.

Exit codes: 0 done, 1 the user can mend it (the message says how), 2 a fault of ours, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import errno
import io
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from deskpulse.errors import DeskpulseError
from deskpulse.surfaces.cli import (
    ask,
    benchmarks,
    connect,
    contract,
    demo,
    doctor,
    erase,
    goals,
    import_files,
    init,
    kpis,
    leads,
    prove,
    rebuild,
    replay,
    report,
    run_due,
    serve,
    survey,
    sync_sources,
    template,
    user,
)
from deskpulse.surfaces.cli.fault import record_fault
from deskpulse.surfaces.cli.session import say

MENDABLE, FAULT, STOPPED = 1, 2, 130


class Commands(TyperGroup):
    """Every way a command can end is decided here, once."""

    def main(self, args: Sequence[str] | None = None, *rest: Any, **options: Any) -> Any:
        """Runs a command and leaves with its exit code."""
        arguments = list(sys.argv[1:] if args is None else args)
        _write_what_the_terminal_can()
        sys.exit(self._outcome(arguments, options | {"standalone_mode": False}))

    def _outcome(self, arguments: list[str], options: dict[str, Any]) -> int:
        try:
            code = super().main(arguments, **options) or 0
            return _stopped() if code == STOPPED else code
        except DeskpulseError as error:
            say(f"Error: {error}")
        except typer.TyperException as error:
            say(f"Error: {error.format_message()}\nType: {_help_command(error)}")
        except (typer.Abort, KeyboardInterrupt):
            return _stopped()
        except Exception as fault:
            if not (isinstance(fault, OSError) and fault.errno == errno.ENOSPC):
                return _report(fault, arguments)
            say("Error: There is no room left where the result is written to. Make room, or choose a file with -o.")
        return MENDABLE


def _write_what_the_terminal_can() -> None:
    """A sign that the terminal's encoding does not have becomes a question mark."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _help_command(error: typer.TyperException) -> str:
    context = getattr(error, "ctx", None)
    words = context.command_path.split()[1:] if context else []
    return " ".join(("deskpulse", *words, "--help"))


def _stopped() -> int:
    say("Stopped. What was finished is kept; type the same command again to go on.")
    return STOPPED


def _report(fault: Exception, arguments: list[str]) -> int:
    if "--debug" in arguments:
        raise fault
    log = record_fault(fault, arguments)
    say(f"This is a fault of deskpulse, not of yours: {type(fault).__name__}. Details: {log} (or type --debug first).")
    return FAULT


app = typer.Typer(cls=Commands, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)

COMMANDS: tuple[Any, ...] = (
    init, demo, import_files, connect, sync_sources, replay, template, kpis, goals, benchmarks, ask, prove, report,
    run_due, contract, leads, rebuild, doctor, serve, erase,
)  # fmt: skip

for command in COMMANDS:
    app.command(command.NAME)(command.run)
app.add_typer(survey.app, name=survey.NAME)
app.add_typer(user.app, name=user.NAME)


@app.callback(invoke_without_command=True)
def deskpulse(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version and leave.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a fault.")] = False,
) -> None:
    """Customer-support KPIs that can be proved."""
    if version:
        typer.echo(f"deskpulse {_version()}")
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("deskpulse")
    except PackageNotFoundError:
        return "(run from its source, not installed)"


def run() -> None:
    """The entry point of the command."""
    app(prog_name="deskpulse")


if __name__ == "__main__":
    run()

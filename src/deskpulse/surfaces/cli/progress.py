"""A progress bar of named steps; silent where nobody watches."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

from deskpulse.surfaces.cli.session import console

if TYPE_CHECKING:
    from rich.progress import Progress

    from deskpulse.workspace.synced import Moment


@contextmanager
def steps(title: str, names: Sequence[str]) -> Iterator[Callable[[str], None]]:
    """Yields what is called with the name of each step as it begins."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console(error=True), transient=True) as bar:
        task = bar.add_task(title, total=len(names))

        def begin(name: str) -> None:
            done = names.index(name) if name in names else None
            bar.update(task, description=f"{title}: {name}", completed=done)

        yield begin
        bar.update(task, completed=len(names))


@contextmanager
def rate(title: str) -> Iterator[Callable[[Moment], None]]:
    """A bar with pages, rows a second and the time that is left; yields what is called at each step of a sync."""
    with rates() as begin, begin(title) as tell:
        yield tell


@contextmanager
def rates() -> Iterator[Callable[[str], AbstractContextManager[Callable[[Moment], None]]]]:
    """Such bars one below the other, from any thread; yields what begins one by its title."""
    from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
    from rich.text import Text

    class Speed(ProgressColumn):
        """Rows a second."""

        def render(self, task: Task) -> Text:
            rows = task.fields["counter"]
            return Text(f"{rows.speed:,.0f} rows/s" if rows.speed else "")

    columns = (TextColumn("{task.description}"), BarColumn(), Speed(), TimeRemainingColumn())
    screen, is_seen = console(error=True), sys.stdout.isatty()  # what goes elsewhere is not for the screen
    with Progress(*columns, console=screen, refresh_per_second=4, redirect_stdout=is_seen) as bars:
        yield lambda title: _rate(bars, title)


@contextmanager
def _rate(bars: Progress, title: str) -> Iterator[Callable[[Moment], None]]:
    rows = bars.add_task("rows", total=None, visible=False, counter=None)
    counter = next(task for task in bars.tasks if task.id == rows)
    bar = bars.add_task(title, total=None, counter=counter)

    def tell(moment: Moment) -> None:
        bars.update(rows, completed=moment.rows)
        told = f"{title}: {moment.doing}, {moment.pages} pages, {moment.rows:,} rows"
        if moment.done is None:
            bars.update(bar, description=told)
        else:
            bars.update(bar, description=told, completed=moment.done, total=1)

    try:
        yield tell
    finally:
        bars.remove_task(bar)
        bars.remove_task(rows)

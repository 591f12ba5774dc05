"""A progress bar of named steps; silent where nobody watches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from deskpulse.surfaces.cli.session import console

if TYPE_CHECKING:
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
    from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
    from rich.text import Text

    class Speed(ProgressColumn):
        """Rows a second."""

        def render(self, task: Task) -> Text:
            rows = task.fields["counter"]
            return Text(f"{rows.speed:,.0f} rows/s" if rows.speed else "")

    words = TextColumn("{task.description}")
    with Progress(words, BarColumn(), Speed(), TimeRemainingColumn(), console=console(error=True)) as bar:
        rows = bar.add_task("rows", total=None, visible=False, counter=None)
        task = bar.add_task(title, total=None, counter=bar.tasks[0])

        def tell(moment: Moment) -> None:
            bar.update(rows, completed=moment.rows)
            told = f"{title}: {moment.doing}, {moment.pages} pages, {moment.rows:,} rows"
            if moment.done is None:
                bar.update(task, description=told)
            else:
                bar.update(task, description=told, completed=moment.done, total=1)

        yield tell
        bar.remove_task(task)

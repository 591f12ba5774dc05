"""A progress bar of named steps; silent where nobody watches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from deskpulse.surfaces.cli.session import console


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

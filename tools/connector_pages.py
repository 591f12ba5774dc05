"""Writes a page for each connector of an API, and their index, from the declarations: `make docs`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from deskpulse.connectors.api.connector import ApiConnector, Need, api_connectors
from deskpulse.connectors.hook_bodies import HOOKS
from deskpulse.connectors.secrets import variable

FOLDER = "docs/connectors"
NOTE = "<!-- Written by `make docs` from the declaration: edit src/deskpulse/connectors/{name}.py instead. -->\n"
INDEX = """# Systems that are read over their APIs

```sh
deskpulse connect zendesk    # asks for what it needs, tries it, and adds it to deskpulse.toml
deskpulse sync zendesk       # reads what is new, and publishes it; goes on where it was stopped
deskpulse serve              # does so by itself, as often as the source's `every` says
deskpulse doctor             # how long ago each source was read, what is late, and what went wrong
```

`deskpulse connect NAME --connector zendesk` makes a second connection to the same kind of system. Where nobody can
type, options are given by `--set NAME=VALUE` and secrets by the environment: `DESKPULSE_<SOURCE>_<NAME>`, such as
`DESKPULSE_ZENDESK_TOKEN`. Secrets that are typed go to the system's keyring; no file of the workspace holds one.

Every page an API gives is kept as it came, compressed, in the workspace under `.deskpulse/sources`; pages hold what
people wrote. `deskpulse replay NAME` builds the events again from them, as after an update that reads them better.
`keep_pages_days` of the source says how long they are kept (without it for ever, and with `keep_text = false` only
until they are merged).

"""


def pages() -> dict[str, str]:
    """Every page by its path in the repository."""
    return {f"{FOLDER}/{name}.md": page(name) for name in sorted(api_connectors())} | {f"{FOLDER}/index.md": index()}


def index() -> str:
    """All connectors, one line each."""
    found = sorted(api_connectors().items())
    lines = (f"[{name}]({name}.md): {connector.title}" for name, connector in found)
    return NOTE.format(name="api/connector") + INDEX + _list(lines)


def page(name: str) -> str:
    """The page of one connector, in Markdown."""
    of = api_connectors()[name]
    head = f"{NOTE.format(name=name)}# {of.title}\n\n```sh\ndeskpulse connect {name}\ndeskpulse sync {name}\n```\n\n"
    parts = (_needs(name, of), _example(of), _maps(of), _hooks(name), _limits(of), _unverified(name, of))
    return head + "\n".join(part for part in parts if part)


def _needs(name: str, of: ApiConnector) -> str:
    scopes = f"\nThe access must be allowed: {', '.join(of.scopes)}.\n" if of.scopes else ""
    return "## What it needs\n\n" + _list(_need(name, need) for need in of.needs) + scopes


def _need(name: str, need: Need) -> str:
    kind = f" (secret, or `{variable(name, need.name)}`)" if need.is_secret else ""
    example = f", such as `{need.example}`" if need.example else ""
    return f"`{need.name}`{kind}: {need.says}{example}." + (" Optional." if need.default == "" else "")


def _example(of: ApiConnector) -> str:
    return f"## In deskpulse.toml\n\n```toml\n{of.example.strip()}\n```\n" if of.example else ""


def _maps(of: ApiConnector) -> str:
    return "## What becomes of what\n\n" + _list(f"`{table}`: {words}." for table, words in of.maps.items())


def _limits(of: ApiConnector) -> str:
    return "## Limits\n\n" + _list(of.limits) if of.limits else ""


def _hooks(name: str) -> str:
    """What it may send by itself."""
    if name not in HOOKS:
        return ""
    hook, secret = HOOKS[name], variable(name, "webhook")
    read = " What else happened is read over the API." if hook.is_asked else ""
    lines = (
        f"Address: `POST /hooks/{name}` of `deskpulse serve` ([how](../hooks.md)).",
        f"Secret: `{secret}`. Signed by: {hook.signed_by}.",
        f"Taken: {hook.becomes}.{read}",
    )
    return "## When it sends of itself\n\n" + _list(lines)


def _unverified(name: str, of: ApiConnector) -> str:
    told = (*of.unverified, *(HOOKS[name].unverified if name in HOOKS else ()))
    return "## Not checked against the running system\n\n" + _list(told) if told else ""


def _list(lines: Iterable[str]) -> str:
    return "".join(f"- {line}\n" for line in lines)


if __name__ == "__main__":
    Path(FOLDER).mkdir(parents=True, exist_ok=True)
    for path, text in pages().items():
        Path(path).write_text(text, encoding="utf-8")

"""The index of a job's output: one page with all incidents, the gravest first, and the files that could not be trusted."""

from __future__ import annotations

from html import escape
from typing import Any

from vrrpwatch_spark import tables

_GRAVITY = {"critical": 0, "warning": 1, "notice": 2, "info": 3}
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem;color:#1a1a1a;background:#fff}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0;"
    "border-bottom:1px solid #ccc;overflow-wrap:anywhere}"
)


def _columns(table: str, row: tuple[Any, ...]) -> dict[str, Any]:
    return dict(zip(tables.SCHEMAS[table].names, row, strict=True))


def _cells(*cells: str) -> str:
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>\n"


def shown(text: object) -> str:
    """Return a text for the page: names of files and words of packets are escaped, and controls are shown as signs."""
    safe = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in str(text))
    return escape(safe)


def index(incidents: list[tuple[Any, ...]], problems: list[tuple[Any, ...]], counts: dict[str, int]) -> bytes:
    """Return the page for rows of ``incidents`` and ``problems`` and the number of rows of each table."""
    items = [_columns("incidents", row) for row in incidents]
    items.sort(key=lambda item: (_GRAVITY.get(item["severity"], 9), item["start"], item["group_name"], item["incident"]))
    listed = "".join(
        _cells(
            shown(item["severity"]),
            shown(item["start"]),
            shown(item["group_name"]),
            f'<a href="{escape(item["page"])}">{shown(item["summary"])}</a>',
            shown(", ".join(item["addresses"])),
            "" if item["worst_outage_ms"] is None else f"{item['worst_outage_ms']:.1f} ms",
        )
        for item in items
    )
    faults = "".join(
        _cells(shown(item["file"]), shown(item["kind"]), shown(item["message"]))
        for item in (_columns("problems", row) for row in problems)
    )
    head = "".join(f"<th>{name}</th>" for name in ("severity", "start", "group", "incident", "addresses", "worst outage"))
    text = (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>VRRP incidents</title>\n<style>{_STYLE}</style>\n"
        f"<h1>VRRP incidents</h1>\n<p>{counts['files']} files, {len(items)} incidents, {counts['transitions']} transitions, "
        f"{counts['findings']} findings, {len(problems)} problems of files.</p>\n"
    )
    text += f"<table>\n<tr>{head}</tr>\n{listed}</table>\n" if items else "<p>No incident was found.</p>\n"
    if problems:
        text += f"<h2>Problems of files</h2>\n<table>\n<tr><th>file</th><th>kind</th><th>problem</th></tr>\n{faults}</table>\n"
    return (text + "</html>\n").encode()

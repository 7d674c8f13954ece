"""Prints each original again in the ways that Python programs do: name, a tab, base64, one a line."""

import base64
import json
import sys

ways = {
    "json.dumps": lambda value: json.dumps(value),
    "json.dumps, compact separators": lambda value: json.dumps(value, separators=(",", ":")),
    "json.dumps, ensure_ascii=False": lambda value: json.dumps(value, ensure_ascii=False),
    "json.dumps, compact, ensure_ascii=False": lambda value: json.dumps(
        value, separators=(",", ":"), ensure_ascii=False
    ),
    "json.dumps, indent=2": lambda value: json.dumps(value, indent=2),
    "json.dumps, indent=4, sort_keys=True": lambda value: json.dumps(value, indent=4, sort_keys=True),
    "json.dumps, sort_keys=True": lambda value: json.dumps(value, sort_keys=True),
    "json.dumps, sort_keys=True, compact": lambda value: json.dumps(value, sort_keys=True, separators=(",", ":")),
    "str of a dict": lambda value: str(value),
}

with open(sys.argv[1], encoding="utf-8") as file:
    originals = json.load(file)
for name, text in originals.items():
    for way, write in ways.items():
        printed = write(json.loads(text)).encode("utf-8")
        print(f"{name}\tPython {way}\t{base64.b64encode(printed).decode()}")

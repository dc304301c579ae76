"""``./run bench [engine|clock|imports|desk|live|chaos] [--small]``: each topic prints its tables."""

import argparse
import importlib
import importlib.util
from pathlib import Path
from typing import Any

TOPICS = ("engine", "clock", "imports", "desk", "live", "chaos")


def main() -> None:
    """Run the topics named, or all there are."""
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("topics", nargs="*", choices=[*TOPICS, []], metavar="|".join(TOPICS))
    parser.add_argument("--small", action="store_true", help="a few seconds in all: to see that it runs")
    parser.add_argument(
        "--sizes", help="live: dossiers:years, for example 1000000:1,6500000:5", metavar="N:Y,N:Y", default=""
    )
    parser.add_argument("--home", type=Path, help="live: folder that keeps what was written for the next run")
    given = parser.parse_args()
    for topic in given.topics or TOPICS:
        name = f"benchmarks.{topic}"
        if importlib.util.find_spec(name) is None:
            print(f"{topic}: chưa có phép đo / no benchmark yet")
            continue
        more: dict[str, Any] = {}
        if topic == "live":
            sizes = [tuple(int(number) for number in one.split(":")) for one in given.sizes.split(",") if one]
            more = {"sizes": sizes, "home": given.home}
        importlib.import_module(name).run(size="small" if given.small else "full", **more)


if __name__ == "__main__":
    main()

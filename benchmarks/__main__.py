"""``./run bench [engine|clock|imports|desk] [--small]``: each topic prints one table."""

import argparse
import importlib
import importlib.util

TOPICS = ("engine", "clock", "imports", "desk")


def main() -> None:
    """Run the topics named, or all there are."""
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("topics", nargs="*", choices=[*TOPICS, []], metavar="|".join(TOPICS))
    parser.add_argument("--small", action="store_true", help="a few seconds in all: to see that it runs")
    given = parser.parse_args()
    for topic in given.topics or TOPICS:
        name = f"benchmarks.{topic}"
        if importlib.util.find_spec(name) is None:
            print(f"{topic}: chưa có phép đo / no benchmark yet")
            continue
        importlib.import_module(name).run(size="small" if given.small else "full")


if __name__ == "__main__":
    main()

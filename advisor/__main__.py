"""``python -m advisor`` and the command ``finetune-advisor``: the app without an argument, else the command line."""

import sys

CHECK = "--check"


def main() -> int:
    """Exit code of what was asked for; the app returns one where it cannot start, else it ends when interrupted."""
    if sys.argv[1:] not in ([], [CHECK]):
        from advisor.cli import main as command_line

        return command_line()
    from advisor.ui.launch import check, launch

    return check() if sys.argv[1:] else launch()


if __name__ == "__main__":
    raise SystemExit(main())

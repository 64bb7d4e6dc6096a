"""``python -m advisor`` and the command ``finetune-advisor``: the app without an argument, else the command line."""

import sys


def main() -> int:
    """Exit code of what was asked for; the app returns none, it ends when it is interrupted."""
    if len(sys.argv) > 1:
        from advisor.cli import main as command_line

        return command_line()
    from advisor.ui.launch import launch

    return launch()


if __name__ == "__main__":
    raise SystemExit(main())

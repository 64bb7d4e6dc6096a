from advisor.ui import usage

usage.draw()

from advisor.ui import cases

cases.draw()

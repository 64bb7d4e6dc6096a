from advisor.ui import hardware

hardware.draw()

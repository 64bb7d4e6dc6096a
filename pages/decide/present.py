from advisor.ui import present

present.draw()

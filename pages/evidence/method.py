from advisor.ui import method

method.draw()

from advisor.ui import accuracy

accuracy.draw()

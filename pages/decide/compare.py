from advisor.ui import compare

compare.draw()

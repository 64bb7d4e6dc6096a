from advisor.ui import levers

levers.draw()

from advisor.ui import options

options.draw()

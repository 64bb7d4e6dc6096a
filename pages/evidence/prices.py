from advisor.ui import prices

prices.draw()

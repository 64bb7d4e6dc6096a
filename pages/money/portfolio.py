from advisor.ui import portfolio

portfolio.draw()

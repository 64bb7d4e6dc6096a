from advisor.ui import risk

risk.draw()

from advisor.ui import results

results.draw()

from advisor.ui import shared

shared.draw()
